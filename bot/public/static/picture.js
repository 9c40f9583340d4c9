// Photos in the browser: made smaller before they are sent, shown large when tapped.
const LONGEST = 1600; // pixels, what the server keeps
const SMALL = 360; // pixels, what the talk remembers
const AS_IS = 6 * 1024 * 1024; // bytes the server takes

function drawn(bitmap, longest, quality) {
  const scale = Math.min(1, longest / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff"; // a transparent picture would turn black
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL("image/jpeg", quality);
}

function asIs(file) {
  return new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => resolve("");
    reader.readAsDataURL(file);
  });
}

// {full, small} as data URLs; null when the file is no picture.
export async function shrink(file) {
  try {
    const bitmap = await createImageBitmap(file);
    const made = { full: drawn(bitmap, LONGEST, 0.85), small: drawn(bitmap, SMALL, 0.75) };
    bitmap.close();
    return made;
  } catch {
    // A kind this browser cannot read: the server may.
    if (!file.type.startsWith("image/") || file.size > AS_IS) return null;
    const full = await asIs(file);
    return full ? { full, small: full } : null;
  }
}

export function enlarge(source) {
  const look = document.createElement("dialog");
  look.className = "look";
  const image = document.createElement("img");
  image.src = source;
  image.alt = "照片";
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = "关闭";
  look.append(image, close);
  look.addEventListener("click", () => look.close());
  look.addEventListener("close", () => look.remove());
  document.body.append(look);
  look.showModal();
}
