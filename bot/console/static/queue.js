// The list of work while it is open: told that something changed, it asks again with the viewer's own rights; keys.
// What somebody is writing or has picked stays as it is: the form then says which state it was made of.
import { enlarge } from "./picture.js";

const TICK = 15000, CALM = 150, APART = 1000; // milliseconds
const root = document.querySelector("[data-queue]");
const said = document.querySelector("[data-said]");
const live = document.querySelector("[data-live]");
const picked = document.querySelector("[data-picked]");
let stream, busy = false, again = false, here = false, soon = null, looked = 0, over = false, at = "";

const rows = () => [...root.querySelectorAll(".ticket")];
const boxes = () => [...root.querySelectorAll("input[name=t]:checked")];

function listen() {
  stream = new EventSource(root.dataset.events);
  live.hidden = false;
  stream.addEventListener("board", () => {
    soon ??= setTimeout(() => { soon = null; look(); }, Math.max(CALM, looked + APART - Date.now()));
  });
  let broken = false;
  stream.onerror = () => { broken = true; live.classList.add("lost"); if (stream.readyState === EventSource.CLOSED) look(); };
  stream.onopen = () => { live.classList.remove("lost"); if (broken) look(); broken = false; };
}

async function look() {
  if (over) return;
  if (busy) { again = true; return; }
  busy = true;
  try { await load(); } catch { /* the stream comes back and asks again */ }
  busy = false;
  if (again) { again = false; look(); }
}

async function load() {
  looked = Date.now();
  const url = new URL(root.dataset.rows, location.href);
  if (here) url.searchParams.set("here", "1");
  here = false;
  const answer = await fetch(url, { headers: { Accept: "text/html" } });
  if (answer.status === 401) { ended(); return; }
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const before = new Map(rows().map((row) => [row.dataset.id, row]));
  const chosen = new Set(boxes().map((box) => box.value.split(".")[0]));
  const focus = document.activeElement?.closest?.(".ticket")?.dataset.id;
  const changed = [];
  for (const fresh of page.querySelectorAll(".ticket")) {
    const old = before.get(fresh.dataset.id);
    if (old?.dataset.changed !== fresh.dataset.changed) { changed.push(fresh); fresh.classList.add("fresh"); }
    const box = fresh.querySelector("input[name=t]");
    if (chosen.has(fresh.dataset.id)) { box.checked = true; box.value = old.querySelector("input[name=t]").value; }
    const writing = old?.querySelector("[data-reply][open]");
    if (writing) {
      if (old.dataset.changed !== fresh.dataset.changed) note(writing);
      const place = fresh.querySelector("[data-reply]");
      if (place) place.replaceWith(writing); else (fresh.querySelector(".at-once") ?? fresh).append(writing);
    }
  }
  const writingAt = document.activeElement?.tagName === "TEXTAREA" ? document.activeElement : null;
  root.replaceChildren(...page.body.children);
  if (writingAt?.isConnected) writingAt.focus();
  else if (focus) root.querySelector(`.ticket[data-id="${focus}"] [data-open]`)?.focus();
  mark();
  tally();
  if (changed.length) said.textContent = `工单${changed[0].querySelector(".code").textContent}有更新`;
}

function note(writing) {
  const form = writing.querySelector("form");
  if (form.querySelector(".news")) return;
  const word = document.createElement("p");
  word.className = "news";
  word.textContent = "您写的时候，这一件有了变化。发送前会再给您看。";
  form.prepend(word);
}

function ended() {
  over = true;
  stream.close();
  live.hidden = true;
  const gone = document.createElement("p");
  gone.className = "said bad";
  gone.dataset.list = "";
  const link = document.createElement("a");
  link.href = `/console/login?next=${encodeURIComponent(location.pathname + location.search)}`;
  link.textContent = "重新登录";
  gone.append("登录已经结束，请", link, "。");
  root.prepend(gone);
}

function tally() {
  if (!picked) return;
  picked.textContent = boxes().length ? `选中${boxes().length}件` : "选中的";
  picked.closest("form").classList.toggle("on", boxes().length > 0); // in sight as long as something is picked
}

function mark() {
  for (const row of rows()) row.classList.toggle("here", row.dataset.id === at);
}

function go(step) {
  const all = rows();
  if (!all.length) return;
  const now = all.findIndex((row) => row.dataset.id === at);
  const next = all[Math.min(all.length - 1, Math.max(0, now < 0 ? 0 : now + step))];
  at = next.dataset.id;
  mark();
  next.querySelector("[data-open]").focus();
  next.scrollIntoView({ block: "nearest" });
}

const KEYS = {
  j: () => go(1),
  k: () => go(-1),
  x: (row) => { const box = row?.querySelector("input[name=t]"); if (box && !box.disabled) { box.checked = !box.checked; tally(); } },
  a: (row) => row?.querySelector("[data-accept]")?.click(),
  r: (row) => { const reply = row?.querySelector("[data-reply]"); if (reply) { reply.open = true; reply.querySelector("textarea").focus(); } },
  "/": () => document.querySelector("[data-search]")?.focus(),
};

document.addEventListener("keydown", (event) => {
  const target = event.target;
  if (event.key === "Escape" && target.matches("textarea")) { target.blur(); return; }
  if (event.ctrlKey || event.metaKey || event.altKey || target.matches("input:not([type=checkbox]), textarea, select")) return;
  const act = KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  act(rows().find((row) => row.dataset.id === at) ?? target.closest?.(".ticket"));
});

root.addEventListener("focusin", (event) => {
  const row = event.target.closest(".ticket");
  if (row) { at = row.dataset.id; mark(); }
});
root.addEventListener("change", tally);
root.addEventListener("click", (event) => {
  const photo = event.target.closest("[data-photo]");
  if (photo) { event.preventDefault(); enlarge(photo.href); }
});
// Only what a person does counts as use of the log-in, not what this script fetches.
for (const name of ["pointermove", "keydown", "touchstart"]) addEventListener(name, () => { here = true; }, { passive: true });
setInterval(() => { if (here) look(); }, TICK);
document.addEventListener("visibilitychange", () => {
  if (document.hidden) stream.close(); // a browser opens few connections to one host
  else if (!over) { listen(); look(); }
});
listen();
tally();
