// Draws the rectangles that cover parts of a photo; each becomes a line of numbers, which work without it.
const root = document.querySelector("[data-cover]");
const svg = root.querySelector("svg");
const field = document.querySelector("textarea[name=boxes]");
const undo = document.querySelector("[data-undo]");
const NS = "http://www.w3.org/2000/svg", SMALL = 0.5; // percent: a click is no rectangle
let start = null, drawing = null;

const round = (value) => Math.round(value * 10) / 10;
const lines = () => field.value.split("\n").map((line) => line.trim()).filter(Boolean);

function at(event) {
  const box = root.getBoundingClientRect();
  const part = (value, from, size) => Math.min(100, Math.max(0, ((value - from) / size) * 100));
  return [part(event.clientX, box.left, box.width), part(event.clientY, box.top, box.height)];
}

function rect([left, top, width, height]) {
  const made = document.createElementNS(NS, "rect");
  for (const [name, value] of Object.entries({ x: left, y: top, width, height })) made.setAttribute(name, value);
  svg.append(made);
  return made;
}

function draw() {
  svg.replaceChildren();
  for (const line of lines()) {
    const numbers = line.split(/[\s,，]+/).map(Number);
    if (numbers.length === 4 && numbers.every(Number.isFinite)) rect(numbers);
  }
  undo.hidden = !lines().length;
}

root.addEventListener("pointerdown", (event) => {
  start = at(event);
  drawing = rect([...start, 0, 0]);
  root.setPointerCapture(event.pointerId);
  event.preventDefault();
});
root.addEventListener("pointermove", (event) => {
  if (!start) return;
  const [x, y] = at(event);
  const box = { x: Math.min(x, start[0]), y: Math.min(y, start[1]), width: Math.abs(x - start[0]), height: Math.abs(y - start[1]) };
  for (const [name, value] of Object.entries(box)) drawing.setAttribute(name, value);
});
root.addEventListener("pointerup", (event) => {
  if (!start) return;
  const [x, y] = at(event);
  const [left, top] = [round(Math.min(x, start[0])), round(Math.min(y, start[1]))];
  const width = Math.min(round(Math.abs(x - start[0])), round(100 - left)), height = Math.min(round(Math.abs(y - start[1])), round(100 - top));
  if (width > SMALL && height > SMALL) field.value = [...lines(), [left, top, width, height].join(" ")].join("\n");
  start = drawing = null;
  draw();
});
undo.addEventListener("click", (event) => {
  event.preventDefault();
  field.value = lines().slice(0, -1).join("\n");
  draw();
});
field.addEventListener("input", draw);
draw();
