// The live list: told that something changed, it fetches the rows again; its clocks tick by themselves.
import { enlarge } from "./picture.js";

const TICK = 15000; // milliseconds
const CALM = 150; // several changes at once are one look
const APART = 1000; // and two looks are a second apart

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
    this.busy = null;
    this.again = false;
    this.here = false;
    root.addEventListener("click", (event) => {
      const photo = event.target.closest("[data-photo]");
      if (photo) { event.preventDefault(); enlarge(photo.href); }
    });
    if (!root.dataset.rows) return;
    // Only what a person does counts as use of the log-in, not what this script fetches.
    for (const name of ["pointermove", "keydown", "touchstart"]) addEventListener(name, () => { this.here = true; }, { passive: true });
    setInterval(() => { this.tick(); if (this.here && root.dataset.keep) this.fetch(); }, TICK);
    this.listen();
    this.tell();
    // A browser opens few connections to one host: a page nobody sees gives its own back.
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) this.stream.close();
      else if (!this.over) { this.listen(); this.fetch(); }
    });
  }

  listen() {
    this.stream = new EventSource(this.root.dataset.events);
    this.stream.addEventListener("board", () => {
      if (this.soon) return;
      const wait = Math.max(CALM, (this.looked ?? 0) + APART - Date.now());
      this.soon = setTimeout(() => { this.soon = null; this.fetch(); }, wait);
    });
    let broken = false;
    this.stream.onerror = () => { broken = true; if (this.stream.readyState === EventSource.CLOSED) this.fetch(); };
    this.stream.onopen = () => { if (broken) this.fetch(); broken = false; }; // what was missed meanwhile
  }

  async fetch() {
    if (this.busy) { this.again = true; return; }
    this.busy = this.load();
    await this.busy.catch(() => {}); // the stream comes back and asks again
    this.busy = null;
    if (this.again) { this.again = false; this.fetch(); }
  }

  async load() {
    this.looked = Date.now();
    const url = new URL(this.root.dataset.rows, location.href);
    if (this.here) url.searchParams.set("here", "1");
    this.here = false;
    const answer = await fetch(url, { headers: { Accept: "text/html" } });
    if (answer.status === 401) { this.ended(); return; }
    if (!answer.ok) return;
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
    this.over = true;
    this.stream.close();
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
