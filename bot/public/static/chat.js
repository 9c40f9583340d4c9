// One phone: what was said and heard, sending in order, pushes as they come.
import { Talk } from "./talk.js";
import { pause } from "./follow.js";
import { shrink } from "./picture.js";
import { Recorder, TOO_SHORT, possible } from "./record.js";
import { here, possible as findable } from "./locate.js";

const KEPT = 200; // messages a phone remembers while its tab is open
const PATIENCE = 20000; // milliseconds until a message counts as not sent

const fresh = () => "m" + Array.from(crypto.getRandomValues(new Uint8Array(12)), (n) => n.toString(16).padStart(2, "0")).join("");

class Phone {
  constructor(root) {
    this.root = root;
    this.form = root.querySelector(".compose");
    this.box = this.form.elements.say;
    this.state = root.querySelector(".link-state");
    this.hint = root.querySelector(".hint");
    this.talk = new Talk(root, (say, label) => this.say(say, label), (message) => this.retry(message));
    this.last = Promise.resolve(); // what this phone sends arrives in the order it was said
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.submit(); });
    this.box.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); this.submit(); }
    });
    this.box.addEventListener("input", () => this.fit());
    this.form.elements.photo.addEventListener("change", (event) => this.photos(event.target));
    this.speaking = root.querySelector(".speaking");
    this.mic = root.querySelector(".mic");
    this.mic.hidden = !possible();
    this.mic.addEventListener("click", () => this.speak());
    this.place = root.querySelector(".place");
    this.place.hidden = !findable();
    this.place.addEventListener("click", () => this.locate());
    this.speaking.querySelector(".done").addEventListener("click", () => this.spoken());
    this.speaking.querySelector(".drop").addEventListener("click", () => this.hush());
    this.hint?.querySelector("button").addEventListener("click", () => {
      this.box.value = root.dataset.hint;
      this.fit();
      this.box.focus();
    });
    root.querySelector("select")?.addEventListener("change", (event) => {
      this.open(event.target.value, event.target.selectedOptions[0].dataset.follow);
    });
    // A browser opens few connections to one host: a page nobody sees gives its own back.
    document.addEventListener("visibilitychange", () => { if (document.hidden) this.stream.close(); else this.listen(); });
    this.open(root.dataset.user, root.dataset.follow);
  }

  open(user, follow) {
    this.stream?.close();
    this.hush();
    this.user = user;
    this.root.dataset.user = user;
    const select = this.root.querySelector("select");
    if (select) select.value = user; // a browser may restore an older choice
    this.messages = this.remembered();
    this.talk.show(this.messages);
    if (this.hint) this.hint.hidden = this.messages.some((message) => message.mine);
    this.listen();
    const plate = this.root.dataset.plate ? `g1.${this.root.dataset.plate}` : ""; // a building's code was scanned
    if (!this.messages.length && follow) this.send(plate ? { event: "follow", event_key: plate } : { event: "follow" });
    else if (plate) this.send({ event: "scan", event_key: plate });
    if (plate) {
      delete this.root.dataset.plate;
      history.replaceState(null, "", location.pathname);
    }
  }

  listen() {
    const user = this.user, stream = new EventSource(`/webchat/events?user=${encodeURIComponent(user)}`);
    this.stream = stream;
    stream.onopen = () => { this.state.textContent = ""; this.failed = 0; };
    stream.onerror = () => {
      this.state.textContent = "连接断了，正在重连…";
      if (stream.readyState !== EventSource.CLOSED) return; // the browser tries again by itself
      this.failed = (this.failed ?? 0) + 1;
      setTimeout(() => { if (stream === this.stream && !document.hidden) this.listen(); }, pause(this.failed));
    };
    stream.addEventListener("push", (event) => {
      const push = JSON.parse(event.data);
      if (user !== this.user || this.messages.some((message) => message.push === push.id)) return;
      this.add({ push: push.id, text: push.text, choices: push.choices, kind: push.kind, photos: push.photos ?? [], voices: push.voices ?? [], link: push.link, at: push.at });
      this.root.dispatchEvent(new CustomEvent("news", { bubbles: true }));
    });
  }

  submit() {
    const text = this.box.value.trim();
    if (!text) return;
    this.box.value = "";
    this.fit();
    this.say(text);
  }

  say(text, label) {
    if (this.hint) this.hint.hidden = true;
    const message = this.add({ mine: true, text: label ?? text, at: new Date().toISOString(), key: fresh() });
    this.send({ text }, message);
  }

  async photos(input) {
    const files = [...input.files];
    input.value = "";
    for (const file of files) {
      const shrunk = await shrink(file);
      if (!shrunk) { this.add({ text: "这个文件不是照片，发不了。", at: new Date().toISOString() }); continue; }
      const message = this.add({ mine: true, text: "", photos: [shrunk.small], at: new Date().toISOString(), key: fresh() });
      this.send({ photo: shrunk.full }, message);
    }
  }

  async locate() {
    const user = this.user, words = this.place.querySelector(".label");
    this.place.disabled = true;
    words.textContent = "正在找…";
    let place, wrong = "";
    try { place = await here(); } catch (error) { wrong = error.message; }
    this.place.disabled = false;
    words.textContent = "发定位";
    if (user !== this.user) return; // another person took this phone
    if (wrong) { this.add({ text: wrong, at: new Date().toISOString() }); return; }
    if (this.hint) this.hint.hidden = true;
    const message = this.add({ mine: true, text: "我的位置", place: true, at: new Date().toISOString(), key: fresh() });
    this.send({ place }, message);
  }

  async speak() {
    const seconds = this.speaking.querySelector(".seconds");
    seconds.textContent = "";
    this.mic.disabled = true;
    try {
      this.recorder = await Recorder.start((count) => { seconds.textContent = `${count}秒`; }, () => this.spoken());
    } catch (error) {
      this.add({ text: error.message, at: new Date().toISOString() });
      return;
    } finally {
      this.mic.disabled = false;
    }
    this.listening(true);
    this.speaking.querySelector(".done").focus();
  }

  async spoken() {
    const recorder = this.recorder;
    if (!recorder) return;
    this.recorder = null;
    this.listening(false);
    const voice = await recorder.stop();
    if (!voice) { this.add({ text: TOO_SHORT, at: new Date().toISOString() }); return; }
    if (this.hint) this.hint.hidden = true;
    const message = this.add({ mine: true, text: "", spoken: voice.seconds, voices: [voice.sound], at: new Date().toISOString(), key: fresh() });
    this.send({ voice: voice.data }, message);
  }

  hush() {
    if (!this.recorder) return;
    this.recorder.cancel();
    this.recorder = null;
    this.listening(false);
    this.mic.focus();
  }

  listening(on) {
    this.form.hidden = on;
    this.speaking.hidden = !on;
  }

  retry(message) {
    if (message.body) this.send(message.body, message); // the same key: it can only happen once
  }

  send(body, message) {
    const user = this.user;
    this.last = this.last.then(() => this.post(user, body, message)).catch((error) => console.warn(error.message));
  }

  async post(user, body, message) {
    const waiting = this.talk.wait();
    let heard, wrong = "";
    try {
      const answer = await fetch("/webchat/messages", {
        method: "POST", headers: { "Content-Type": "application/json" }, signal: AbortSignal.timeout(PATIENCE),
        body: JSON.stringify({ user, id: message?.key ?? fresh(), ...body }),
      });
      if (answer.ok) heard = await answer.json();
      else wrong = answer.status < 500 ? await answer.text() : "没发出去。";
    } catch {
      wrong = "没发出去。";
    }
    waiting.remove();
    if (user !== this.user) return; // another person took this phone
    if (message) {
      message.wrong = wrong;
      message.body = wrong ? body : undefined;
      this.talk.mark(message);
    }
    const at = new Date().toISOString();
    for (const reply of heard?.replies ?? []) this.add({ ...reply, at });
    this.keep();
  }

  add(message) {
    // A push missed before the page was opened stands where it belongs in time.
    let place = this.messages.length;
    if (message.push) while (place > 0 && this.messages[place - 1].at > message.at) place -= 1;
    this.messages.splice(place, 0, message);
    this.talk.add(message, this.messages, place);
    this.keep();
    return message;
  }

  keep() {
    const kept = this.messages.slice(-KEPT).map(({ body, ...message }) => (
      // what was recorded here is heard only while the page is open
      message.mine && message.voices ? { ...message, voices: [] } : message
    ));
    try { sessionStorage.setItem(`talk:${this.user}`, JSON.stringify(kept)); } catch { /* full: this tab forgets */ }
  }

  remembered() {
    try { return JSON.parse(sessionStorage.getItem(`talk:${this.user}`)) ?? []; } catch { return []; }
  }

  fit() {
    this.box.style.height = "auto";
    this.box.style.height = `${this.box.scrollHeight + 2}px`;
  }
}

for (const root of document.querySelectorAll("[data-chat]")) new Phone(root);
