// While an announcement is being sent its numbers are asked for again; without script the page loads itself anew.
const EVERY = 2000; // milliseconds
const part = document.querySelector("[data-live]");

async function look() {
  if (!document.hidden) {
    const answer = await fetch(part.dataset.live, { headers: { Accept: "text/html" } });
    if (answer.status === 401) { location.reload(); return; }
    if (answer.ok) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const ended = !page.querySelector("[data-going]");
      part.replaceChildren(...page.body.children);
      if (ended) { location.reload(); return; } // the buttons are others now
    }
  }
  setTimeout(look, EVERY);
}

setTimeout(look, EVERY);
