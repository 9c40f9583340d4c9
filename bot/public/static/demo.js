// The demo's tabs on a small screen, and the line that shows how far a matter has come.
const tabs = [...document.querySelectorAll('[role="tab"]')];
const pane = (tab) => document.getElementById(tab.getAttribute("aria-controls"));

function choose(tab) {
  for (const other of tabs) {
    const on = other === tab;
    other.setAttribute("aria-selected", String(on));
    other.tabIndex = on ? 0 : -1;
    pane(other).classList.toggle("open", on);
  }
  tab.classList.remove("news");
  const talk = pane(tab).querySelector(".talk");
  if (talk) talk.scrollTop = talk.scrollHeight;
}

tabs.forEach((tab, place) => {
  tab.addEventListener("click", () => choose(tab));
  tab.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = tabs[(place + step + tabs.length) % tabs.length];
    next.focus();
    choose(next);
  });
  pane(tab).addEventListener("news", () => { if (tab.getAttribute("aria-selected") !== "true") tab.classList.add("news"); });
});

const steps = [...document.querySelectorAll(".steps li")];
document.addEventListener("step", (event) => {
  const at = steps.findIndex((step) => step.dataset.step === event.detail);
  steps.forEach((step, place) => {
    step.classList.toggle("past", at < 0 || place < at);
    step.classList.toggle("here", place === at);
    if (place === at) step.setAttribute("aria-current", "step"); else step.removeAttribute("aria-current");
  });
});
