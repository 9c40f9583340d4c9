// A form with chosen photos, or one that is always sent so, is sent without leaving the page: refused, or with no network,
// its words and photos are still there. Without a script it is sent as every form.
const PATIENCE = 90000; // milliseconds, longer than the server waits for photos
const NOT_SENT = "没发出去，写的和选的都还在。请再点一次。";

const chosen = (form) => [...form.querySelectorAll("input[type=file]")].filter((input) => input.files.length);

function told(form, words) {
  for (const before of form.querySelectorAll(".wrong")) before.remove();
  const line = document.createElement("p");
  line.className = "wrong";
  line.setAttribute("role", "alert");
  line.textContent = words;
  form.prepend(line);
  line.scrollIntoView({ block: "nearest" });
}

const WHICH = ["do", "ticket", "verb"]; // what tells the forms of a page apart

// The same form in the page that was answered, with what is wrong in it; the photos stay the chosen ones.
function again(form, page) {
  const above = [...page.querySelectorAll(".conflict, .wrong")].filter((one) => !one.closest("form"));
  const same = [...page.querySelectorAll("form[data-in-page]")].find((one) => (
    one.getAttribute("action") === form.getAttribute("action")
    && WHICH.every((name) => one.elements[name]?.value === form.elements[name]?.value)
  ));
  if (!same) {
    if (above.length) told(form, above[0].textContent.trim()); // it cannot be done any more
    else form.submit(); // another page altogether: it is shown
    return;
  }
  const fresh = document.adoptNode(same);
  for (const input of chosen(form)) {
    const empty = [...fresh.querySelectorAll("input[type=file]")].find((one) => one.name === input.name);
    empty?.parentElement.querySelector("[data-choose-again]")?.remove();
    empty?.replaceWith(input);
  }
  form.replaceChildren(...above.map((one) => document.adoptNode(one)), ...fresh.childNodes);
  (form.querySelector("[aria-invalid], .fault, .wrong, .conflict") ?? form).scrollIntoView({ block: "center" });
}

function go(to) {
  const there = new URL(to, location.href);
  const here = there.pathname + there.search === location.pathname + location.search;
  location.assign(there);
  if (here) location.reload(); // with another # only, a browser would not ask again
}

async function send(form) {
  const answer = await fetch(form.action, {
    method: "POST", body: new FormData(form), headers: { "X-In-Page": "1" }, signal: AbortSignal.timeout(PATIENCE),
  });
  const to = answer.headers.get("X-To");
  if (to) { go(to); return true; }
  const words = await answer.text();
  const html = answer.headers.get("Content-Type")?.startsWith("text/html");
  if (!html) told(form, answer.status < 500 ? words : NOT_SENT);
  else again(form, new DOMParser().parseFromString(words, "text/html"));
  return false;
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-in-page]") || (form.dataset.inPage !== "always" && !chosen(form).length)) return;
  event.preventDefault();
  if (form.ariaBusy === "true") return; // a second tap
  form.ariaBusy = "true";
  const button = event.submitter, label = button?.textContent;
  if (button) button.textContent = "正在发…";
  let gone = false;
  try { gone = await send(form); } catch { told(form, NOT_SENT); }
  if (gone) return;
  form.ariaBusy = "false";
  if (button) button.textContent = label;
});
