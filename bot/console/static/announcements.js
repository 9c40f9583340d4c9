// While an announcement is being sent its numbers are asked for again; without script the page loads itself anew.
const EVERY = 2000; // milliseconds
const part = document.querySelector("[data-live]");

async function look() {
  try {
    if (await ended()) return;
  } catch { /* the network is away: asked again */ }
  setTimeout(look, EVERY);
}

async function ended() {
  if (document.hidden) return false;
  const answer = await fetch(part.dataset.live, { headers: { Accept: "text/html" } });
  if (answer.status === 401) { location.reload(); return true; }
  if (!answer.ok) return false;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const over = !page.querySelector("[data-going]");
  part.replaceChildren(...page.body.children);
  if (over) location.reload(); // the buttons are others now
  return over;
}

setTimeout(look, EVERY);
