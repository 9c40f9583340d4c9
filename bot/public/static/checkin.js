// The check-in screen: its changing part is fetched again every ten seconds; without a script the page reloads itself.
const door = document.querySelector("[data-code]");
const changing = document.querySelector("[data-changing]");

async function look() {
  try {
    const answer = await fetch(door.dataset.code, { headers: { Accept: "text/html" } });
    if (answer.status === 401) location.reload();
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    changing.replaceChildren(...fresh.body.childNodes);
    changing.classList.remove("stale");
  } catch {
    changing.classList.add("stale"); // an old code must not look like a good one
  }
}

setInterval(look, 10_000);
document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
