// One ticket while its page is open: who else is here, whether something happened, a ready reply put into the form.
// The page works without it.
import { enlarge } from "./picture.js";

const EVERY = 20000; // milliseconds
const here = document.querySelector("[data-here]");
const news = document.querySelector("[data-news]");
const csrf = document.body.dataset.csrf;
let touched = 0, dirty = false;

document.addEventListener("input", (event) => { if (event.target.closest("[data-writing]")) touched = Date.now(); });
for (const event of ["pointerdown", "keydown"]) document.addEventListener(event, () => { dirty = true; }, { passive: true });

async function look() {
  const body = new URLSearchParams(Date.now() - touched < EVERY * 2 ? { writing: "1" } : {});
  const answer = await fetch(here.dataset.here + (dirty ? "?here=1" : ""), { method: "POST", body, headers: { "X-CSRF": csrf } });
  dirty = false;
  if (!answer.ok) return;
  const found = await answer.json();
  here.hidden = !found.others.length;
  here.textContent = found.others.map((one) => one.name + (one.writing ? "正在写" : "也在看")).join("，");
  news.hidden = found.last === here.dataset.last;
}

setInterval(() => { if (!document.hidden) look().catch(() => {}); }, EVERY);

for (const link of document.querySelectorAll("[data-ready]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    const words = document.querySelector("#reply-words");
    words.value = link.dataset.ready;
    link.closest("details").open = false;
    words.focus();
  });
}

const bubbles = document.querySelector(".bubbles");
if (bubbles) bubbles.scrollTop = bubbles.scrollHeight;
document.querySelector(".conflict")?.focus();
for (const photo of document.querySelectorAll("[data-photo]")) {
  photo.addEventListener("click", (event) => { event.preventDefault(); enlarge(photo.href); });
}
