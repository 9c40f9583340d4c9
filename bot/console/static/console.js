// What every console page does by itself: its clocks tick. Pages work without it.
import { clock } from "./board.js";

const TICK = 15000; // milliseconds

function tick() {
  const now = Date.now();
  for (const time of document.querySelectorAll("[data-clock]")) {
    const due = Date.parse(time.dateTime);
    time.textContent = clock(due, now);
    time.classList.toggle("late", due < now);
  }
}

setInterval(tick, TICK);
// On a phone the areas are one long line: the one you are in is brought into it.
document.querySelector(".areas [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
