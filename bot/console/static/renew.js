// The list renewed under somebody's hands. A row that is as it was is not touched; of one that changed, all but what
// somebody writes in is replaced; a row somebody is in is not moved, nor taken away with what was written in it.
const PARTS = [".ticket-main", ".thumbs", ".at-once"];
const PLACES = ["[data-accept]", "[data-reply] summary", "input[name=t]", "[data-photo]", "[data-open]"];
const CHANGED = "您写的时候，这一件有了变化。发送前会再给您看。";
const LEFT = "您写的时候，这一件有了变化，已不在这一页的单子里。发送前会再给您看。";
const made = new WeakMap(); // row → what it was made of

const rows = (root) => [...root.querySelectorAll(".ticket")];
const inside = (one) => one.contains(document.activeElement);

// Clocks go by themselves, and the link to a photo is another each time.
function markup(one) {
  return one.outerHTML.replace(/(data-clock="?"?>)[^<]*/g, "$1").replace(/(\/media\/[^"?]+)\?[^"]*/g, "$1");
}

export function remember(root) {
  for (const row of rows(root)) made.set(row, markup(row));
}

// `page` has the list as it is now. The rows that are new or changed.
export function renew(root, page) {
  const before = rows(root), old = new Map(before.map((row) => [row.dataset.id, row]));
  const at = before.findIndex(inside), news = [], wanted = [];
  remember(page);
  for (const fresh of rows(page)) {
    const row = old.get(fresh.dataset.id) ?? fresh;
    if (row === fresh || row.dataset.changed !== fresh.dataset.changed) news.push(row);
    if (row !== fresh) take(row, fresh);
    wanted.push(row);
  }
  for (const row of before) {
    if (wanted.includes(row) || !written(row)) continue;
    note(row, LEFT);
    wanted.splice(wanted.indexOf(before[before.indexOf(row) - 1]) + 1, 0, row);
  }
  const list = root.querySelector("[data-list]");
  if (wanted.length && list.matches("ol")) settle(list, wanted);
  else list.replaceWith(page.querySelector("[data-list]"));
  swap(root, page, ".tabs ul");
  swap(root, page, ".pager");
  for (const row of news) shine(row);
  if (at >= 0 && !inside(root)) wanted[Math.min(at, wanted.length - 1)]?.querySelector("[data-open]").focus({ preventScroll: true });
  return news;
}

// What somebody wrote, or is about to write, in the reply of a row.
function written(row) {
  const words = row.querySelector("[data-reply] textarea");
  return Boolean(words) && (words.value !== "" || document.activeElement === words);
}

function take(row, fresh) {
  if (made.get(row) === made.get(fresh)) return;
  made.set(row, made.get(fresh));
  const reply = row.querySelector("[data-reply]"), busy = reply && (reply.open || written(row));
  const place = inside(row) && PLACES.find((one) => document.activeElement.matches(one));
  if (busy && row.dataset.changed !== fresh.dataset.changed) note(row, CHANGED);
  row.className = fresh.className;
  row.dataset.changed = fresh.dataset.changed;
  const box = row.querySelector("input[name=t]");
  if (!box.checked) box.value = fresh.querySelector("input[name=t]").value; // picked, it says what it was picked as
  let last = box;
  for (const part of PARTS) {
    const mine = row.querySelector(part), theirs = fresh.querySelector(part);
    if (mine && busy && mine.contains(reply)) swapIn(mine, theirs, reply);
    else if (mine && theirs) { if (markup(mine) !== markup(theirs)) mine.replaceWith(theirs); }
    else if (theirs) last.after(theirs);
    else mine?.remove();
    last = row.querySelector(part) ?? last;
  }
  if (place && !inside(row)) (row.querySelector(place) ?? row.querySelector("[data-open]")).focus({ preventScroll: true });
}

// What can be done at once, around a reply that is being written.
function swapIn(mine, theirs, reply) {
  for (const one of [...mine.children]) if (one !== reply) one.remove();
  reply.before(...[...theirs?.children ?? []].filter((one) => !one.matches("[data-reply]")));
}

function note(row, words) {
  const form = row.querySelector("[data-reply] form");
  let line = form.querySelector(".news");
  if (!line) {
    line = document.createElement("p");
    line.className = "news";
    line.setAttribute("role", "status");
    form.prepend(line);
  }
  line.textContent = words;
}

// The rows in their order, moving as few as can be, and never the one somebody is in or marks words in.
function settle(list, wanted) {
  for (const row of [...list.children]) if (!wanted.includes(row)) row.remove();
  const marked = getSelection();
  const held = wanted.find(inside) ?? wanted.find((row) => !marked.isCollapsed && row.contains(marked.anchorNode));
  let next = list.firstElementChild;
  for (const row of wanted) {
    while (row === held && next !== held && held.parentElement === list) {
      const passed = next;
      next = next.nextElementSibling;
      list.append(passed);
    }
    if (row === next) next = next.nextElementSibling;
    else list.insertBefore(row, next);
  }
}

function swap(root, page, what) {
  const mine = root.querySelector(what), theirs = page.querySelector(what);
  if (mine && theirs && mine.outerHTML === theirs.outerHTML) return;
  const href = mine && inside(mine) ? document.activeElement.getAttribute("href") : "";
  if (mine && theirs) mine.replaceWith(theirs);
  else if (theirs) root.append(theirs);
  else mine?.remove();
  if (href && theirs) [...theirs.querySelectorAll("a")].find((one) => one.getAttribute("href") === href)?.focus({ preventScroll: true });
}

function shine(row) {
  row.classList.remove("fresh");
  void row.offsetWidth; // else the same shine does not begin again
  row.classList.add("fresh");
}
