// A list that follows what happens: it is looked at when its stream opens, each time, and when something changed; what
// failed, the look or the stream, is tried again, ever less often.
const CALM = 150; // milliseconds: several changes at once are one look
const APART = 1000; // and two looks are a second apart
const PATIENCE = 3000; // a break shorter than this is not spoken of
const FIRST = 1000, LONGEST = 30000; // the wait before another try
const SLOW = 20000; // a look that takes longer has failed

// Milliseconds until what failed so many times is tried again: not by all pages at once.
export const pause = (failed) => Math.min(LONGEST, FIRST * 2 ** (failed - 1)) * (0.5 + Math.random() / 2);

// `load(signal)` renews the list; false: the log-in has ended. `told(old)`: whether the list may be old.
export function follow(events, load, told) {
  let stream, soon, retry, doubt, looked = 0, failed = 0, busy = false, again = false, open = false, over = false;

  function listen() {
    stream?.close();
    open = false;
    stream = new EventSource(events);
    stream.addEventListener("board", later);
    stream.onopen = () => { open = true; look(); };
    stream.onerror = () => {
      open = false;
      unsure();
      if (stream.readyState === EventSource.CLOSED) fail(); // the browser does not try again by itself
    };
    unsure();
  }

  function later() {
    soon ??= setTimeout(look, Math.max(CALM, looked + APART - Date.now()));
  }

  async function look() {
    clearTimeout(soon);
    soon = undefined;
    if (over || document.hidden) return;
    if (busy) { again = true; return; }
    busy = true;
    looked = Date.now();
    try {
      over = await load(AbortSignal.timeout(SLOW)) === false;
      if (over) end(); else if (open) sure();
    } catch { unsure(); fail(); }
    busy = false;
    if (again) { again = false; later(); }
  }

  function fail() {
    failed += 1;
    retry ??= setTimeout(() => {
      retry = undefined;
      if (over || document.hidden) return;
      if (stream.readyState === EventSource.CLOSED) listen();
      look();
    }, pause(failed));
  }

  function unsure() {
    doubt ??= setTimeout(() => told(true), PATIENCE);
  }

  function sure() {
    failed = 0;
    clearTimeout(doubt);
    doubt = undefined;
    told(false);
  }

  function end() {
    stream.close();
    clearTimeout(doubt);
  }

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) stream.close(); // a browser opens few connections to one host
    else if (!over) listen();
  });
  listen();
  return look;
}
