// The live list: told that something changed, it fetches the rows again; its clocks tick by themselves.
import { follow } from "./follow.js";
import { enlarge } from "./picture.js";

const TICK = 15000; // milliseconds

export function clock(due, now) {
  const minutes = Math.floor(Math.abs(due - now) / 60000);
  const days = Math.floor(minutes / 1440), hours = Math.floor((minutes % 1440) / 60), rest = minutes % 60;
  const gap = days ? `${days}天${hours ? `${hours}小时` : ""}` : hours ? `${hours}小时${rest ? `${rest}分` : ""}` : `${rest}分钟`;
  return due >= now ? `还剩${gap}` : `超时${gap}`;
}

class Board {
  constructor(root) {
    this.root = root;
    this.said = document.querySelector("[data-board-said]");
    this.old = document.querySelector("[data-board-old]");
    this.here = false;
    root.addEventListener("click", (event) => {
      const photo = event.target.closest("[data-photo]");
      if (photo) { event.preventDefault(); enlarge(photo.href); }
    });
    if (!root.dataset.rows) return;
    // Only what a person does counts as use of the log-in, not what this script fetches.
    for (const name of ["pointermove", "keydown", "touchstart"]) addEventListener(name, () => { this.here = true; }, { passive: true });
    const look = follow(root.dataset.events, (signal) => this.load(signal), (stale) => { this.old.hidden = !stale; });
    setInterval(() => { this.tick(); if (this.here && root.dataset.keep) look(); }, TICK);
    this.tell();
  }

  async load(signal) {
    const url = new URL(this.root.dataset.rows, location.href);
    if (this.here) url.searchParams.set("here", "1");
    this.here = false;
    const answer = await fetch(url, { headers: { Accept: "text/html" }, signal });
    if (answer.status === 401) { this.ended(); return false; }
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const before = new Map([...this.root.querySelectorAll(".ticket")].map((row) => [row.dataset.id, row.dataset.changed]));
    const rows = [...page.querySelectorAll(".ticket")];
    const changed = rows.filter((row) => before.get(row.dataset.id) !== row.dataset.changed);
    for (const row of changed) row.classList.add("fresh");
    const counts = page.querySelector("[data-counts]");
    document.querySelector(".counts")?.replaceWith(counts.cloneNode(true));
    counts.remove();
    const top = this.root.scrollTop;
    this.root.replaceChildren(...page.body.children);
    this.root.scrollTop = top;
    if (changed.length) {
      if (this.said) this.said.textContent = `工单${changed[0].querySelector(".code").textContent}有更新`;
      this.root.dispatchEvent(new CustomEvent("news", { bubbles: true }));
    }
    this.tell();
    return true;
  }

  tell() {
    const first = this.root.querySelector(".ticket");
    this.root.dispatchEvent(new CustomEvent("step", { bubbles: true, detail: first?.dataset.step ?? "report" }));
  }

  tick() {
    const now = Date.now();
    for (const time of document.querySelectorAll("[data-clock]")) {
      const due = Date.parse(time.dateTime);
      time.textContent = clock(due, now);
      time.classList.toggle("late", due < now);
    }
  }

  ended() {
    this.old.hidden = true;
    const gone = document.createElement("p");
    gone.className = "gone";
    const link = document.createElement("a");
    link.href = "/console/login";
    link.textContent = "重新登录";
    gone.append("登录已经结束，请", link, "。");
    this.root.replaceChildren(gone);
  }
}

for (const root of document.querySelectorAll("[data-board]")) new Board(root);
