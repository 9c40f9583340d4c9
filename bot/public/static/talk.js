// Draws what was said: bubbles, times between them, choices to tap. Words are only ever set as text.
import { enlarge } from "./picture.js";

const GAP = 5 * 60 * 1000; // a pause after which the time is shown
const CLOCK = new Intl.DateTimeFormat("zh-CN", { timeZone: "Asia/Shanghai", hour: "numeric", minute: "2-digit", hour12: false });
const DAY = new Intl.DateTimeFormat("zh-CN", { timeZone: "Asia/Shanghai", month: "long", day: "numeric" });

function element(tag, name, text) {
  const made = document.createElement(tag);
  if (name) made.className = name;
  if (text) made.textContent = text;
  return made;
}

function time(at) {
  const when = new Date(at);
  const today = DAY.format(when) === DAY.format(new Date());
  return (today ? "" : DAY.format(when) + " ") + CLOCK.format(when);
}

function label(link) {
  if (link.includes("/m/w/")) return "打开我的清单";
  return link.includes("/m/t/") ? "看进度和照片" : "点这里看全文";
}

export class Talk {
  constructor(root, say, retry) {
    this.root = root;
    this.list = root.querySelector(".log");
    this.pane = root.querySelector(".talk");
    this.sayIt = say;
    this.retry = retry;
    this.drawn = new WeakMap();
  }

  show(messages) {
    this.list.setAttribute("aria-live", "off"); // an old talk is not read out again
    this.list.replaceChildren();
    this.root.classList.remove("talking");
    messages.forEach((message, place) => this.draw(message, messages, place));
    this.offer(messages);
    this.end();
    requestAnimationFrame(() => this.list.setAttribute("aria-live", "polite"));
  }

  add(message, messages, place) {
    // Somebody who reads further up is not pulled away by what others say.
    const reading = this.pane.scrollHeight - this.pane.scrollTop - this.pane.clientHeight > 240;
    this.draw(message, messages, place);
    this.offer(messages);
    if (message.mine || !reading) this.end();
  }

  draw(message, messages, place) {
    this.root.classList.add("talking");
    const turn = element("div", `turn ${message.mine ? "me" : "them"}`);
    turn.append(element("span", "sr", message.mine ? "我：" : "居社通："));
    if (message.text || message.link) turn.append(this.bubble(message));
    for (const photo of message.photos ?? []) turn.append(this.picture(photo));
    if (message.spoken) turn.append(element("div", "bubble spoken", `语音 ${message.spoken}秒`));
    for (const voice of message.voices ?? []) turn.append(this.sound(voice));
    this.drawn.set(message, turn);
    const next = messages[place + 1];
    const before = next ? this.drawn.get(next) : this.list.querySelector(".waiting");
    this.list.insertBefore(turn, before ?? null);
    const previous = messages[place - 1];
    if (!previous || new Date(message.at) - new Date(previous.at) > GAP) {
      const stamp = element("div", "stamp", time(message.at));
      this.list.insertBefore(stamp, turn);
    }
    this.mark(message);
  }

  bubble(message) {
    const flowing = message.text.replaceAll("，\n", "，"); // a line that ends so goes on: the bubble's width breaks it
    const bubble = element("div", message.kind === "alarm" ? "bubble alarm" : "bubble", flowing);
    if (message.place) bubble.classList.add("where"); // its pin is drawn: not every phone has the letter for it
    if (message.link && /^(\/(?!\/)|https?:\/\/)/.test(message.link)) {
      const link = element("a", "", label(message.link));
      link.href = message.link;
      link.target = "_blank";
      link.rel = "noopener";
      bubble.append(message.text ? element("br") : "", link);
    }
    return bubble;
  }

  picture(source) {
    const button = element("button", "picture");
    button.type = "button";
    button.setAttribute("aria-label", "看大图");
    const image = element("img");
    image.alt = "照片";
    image.addEventListener("load", () => this.end());
    image.src = source;
    button.append(image);
    button.addEventListener("click", () => enlarge(source));
    return button;
  }

  sound(source) {
    const player = element("audio", "sound");
    player.controls = true;
    player.preload = "none";
    player.setAttribute("aria-label", "语音");
    player.src = source;
    return player;
  }

  // What may be tapped: everything asked since the person last spoke.
  offer(messages) {
    for (const old of this.list.querySelectorAll(".choices")) old.remove();
    for (let place = messages.length - 1; place >= 0 && !messages[place].mine; place -= 1) {
      const message = messages[place];
      if (!message.choices?.length) continue;
      const group = element("div", "choices");
      group.setAttribute("role", "group");
      group.setAttribute("aria-label", "可以点");
      for (const choice of message.choices) {
        const button = element("button", "", choice.label);
        button.type = "button";
        button.addEventListener("click", () => this.sayIt(choice.say || choice.label, choice.label));
        group.append(button);
      }
      this.drawn.get(message).append(group);
    }
  }

  mark(message) {
    const turn = this.drawn.get(message);
    turn?.querySelector(".said-wrong")?.remove();
    if (!turn || !message.wrong) return;
    const wrong = element("div", "said-wrong", message.wrong);
    if (message.body) {
      const again = element("button", "", "再发一次");
      again.type = "button";
      again.addEventListener("click", () => this.retry(message));
      wrong.append(again);
    }
    turn.append(wrong);
    this.end();
  }

  wait() {
    const turn = element("div", "turn them waiting");
    turn.setAttribute("aria-hidden", "true");
    turn.append(element("div", "bubble", "···"));
    // A quick answer needs no sign of waiting.
    const timer = setTimeout(() => { this.list.append(turn); this.end(); }, 250);
    return { remove: () => { clearTimeout(timer); turn.remove(); } };
  }

  end() {
    this.pane.scrollTop = this.pane.scrollHeight;
  }
}
