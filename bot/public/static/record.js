// Speaking instead of writing: the microphone until somebody says stop, at most a minute.
const LONGEST = 60; // seconds; then it is sent
const SHORTEST = 1; // less is a finger that slipped
const BITS = 24000; // a second; a voice needs no more
const KINDS = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];

export const NOT_ALLOWED = "浏览器没有让用麦克风。请在弹出的框里点「允许」，或者打字、发照片。";
export const NO_MICROPHONE = "没找到麦克风。请打字，或者发照片。";
export const TOO_SHORT = "太短了，没听到。点话筒，说完再点「说完了」。";

// A page that is not safe (no https) gets no microphone from the browser.
export function possible() {
  return Boolean(window.isSecureContext && navigator.mediaDevices?.getUserMedia && window.MediaRecorder);
}

function asDataUrl(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}

export class Recorder {
  // `tick(seconds)` each second; `full()` when the minute is over. Rejects with words for the person.
  static async start(tick, full) {
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true } });
    } catch (error) {
      throw new Error(error.name === "NotFoundError" ? NO_MICROPHONE : NOT_ALLOWED);
    }
    return new Recorder(stream, tick, full);
  }

  constructor(stream, tick, full) {
    this.stream = stream;
    this.parts = [];
    this.began = performance.now();
    const mimeType = KINDS.find((kind) => MediaRecorder.isTypeSupported(kind));
    this.recorder = new MediaRecorder(stream, { mimeType, audioBitsPerSecond: BITS });
    this.recorder.addEventListener("dataavailable", (event) => this.parts.push(event.data));
    this.ended = new Promise((resolve) => this.recorder.addEventListener("stop", resolve));
    this.recorder.start();
    this.timer = setInterval(() => {
      tick(Math.floor(this.seconds()));
      if (this.seconds() >= LONGEST) full();
    }, 250);
  }

  seconds() {
    return (performance.now() - this.began) / 1000;
  }

  // {data, sound, seconds}: a data URL to send, an address to hear it again; null when it was too short.
  async stop() {
    const seconds = this.seconds();
    await this.cancel();
    if (seconds < SHORTEST) return null;
    const blob = new Blob(this.parts, { type: this.recorder.mimeType });
    return { data: await asDataUrl(blob), sound: URL.createObjectURL(blob), seconds: Math.max(1, Math.round(seconds)) };
  }

  async cancel() {
    clearInterval(this.timer);
    if (this.recorder.state !== "inactive") this.recorder.stop();
    await this.ended;
    for (const track of this.stream.getTracks()) track.stop();
  }
}
