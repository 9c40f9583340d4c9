// Large type, remembered on this device.
const button = document.querySelector("[data-bigger]");

function set(on) {
  document.documentElement.classList.toggle("bigger", on);
  button.setAttribute("aria-pressed", String(on));
}

set(localStorage.getItem("bigger") === "1");
button.addEventListener("click", () => {
  const on = button.getAttribute("aria-pressed") !== "true";
  set(on);
  localStorage.setItem("bigger", on ? "1" : "0");
});
