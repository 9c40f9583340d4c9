// The list of work while it is open: told that something changed, it asks again with the viewer's own rights; keys.
// What somebody is writing or has picked stays as it is: the form then says which state it was made of.
import { follow } from "./follow.js";
import { enlarge } from "./picture.js";
import { remember, renew } from "./renew.js";

const TICK = 15000; // milliseconds
const root = document.querySelector("[data-queue]");
const said = document.querySelector("[data-said]");
const live = document.querySelector("[data-live]");
const old = document.querySelector("[data-old]");
const picked = document.querySelector("[data-picked]");
let here = false, at = "", sending = null;

const rows = () => [...root.querySelectorAll(".ticket")];
const boxes = () => [...root.querySelectorAll("input[name=t]:checked")];

async function load(signal) {
  const url = new URL(root.dataset.rows, location.href);
  if (here) url.searchParams.set("here", "1");
  here = false;
  const answer = await fetch(url, { headers: { Accept: "text/html" }, signal });
  if (answer.status === 401) { ended(); return false; }
  if (!answer.ok) throw new Error(String(answer.status));
  const news = renew(root, new DOMParser().parseFromString(await answer.text(), "text/html"));
  mark();
  tally();
  if (news.length) said.textContent = `工单${news[0].querySelector(".code").textContent}有更新`;
  return true;
}

function told(stale) {
  live.hidden = stale;
  old.hidden = !stale;
}

function ended() {
  live.hidden = old.hidden = true;
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
root.addEventListener("submit", (event) => { sending = event.target; });
root.addEventListener("input", () => { sending = null; });
addEventListener("beforeunload", (event) => { // what is written and not sent is not left without a word
  const unsent = [...root.querySelectorAll("[data-reply] textarea")].some((box) => box.value.trim() && box.form !== sending);
  if (unsent) event.preventDefault();
});
root.addEventListener("click", (event) => {
  const photo = event.target.closest("[data-photo]");
  if (photo) { event.preventDefault(); enlarge(photo.href); }
});
// Only what a person does counts as use of the log-in, not what this script fetches.
for (const name of ["pointermove", "keydown", "touchstart"]) addEventListener(name, () => { here = true; }, { passive: true });
remember(root);
const look = follow(root.dataset.events, load, told);
setInterval(() => { if (here) look(); }, TICK);
tally();
