/* The desk's keys and its quiet updates. Without script the same pages work by links, forms and reloads. */

const KEYS_OFF = "desk-keys-off";
const byId = (id) => document.getElementById(id);
const rows = () => [...document.querySelectorAll(".ticket-row__open")];

// What has not moved answers 304: nothing is to be swapped, and nothing went wrong.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status === 304) {
    event.detail.shouldSwap = false;
    event.detail.isError = false;
  }
});

// The list was sent anew: the open ticket stays marked, and who was on a row stays there.
let focused = "";
document.addEventListener("htmx:beforeSwap", () => {
  focused = document.activeElement?.id ?? "";
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (focused && !document.activeElement?.id) byId(focused)?.focus({ preventScroll: true });
  markOpen();
  if (event.detail.target.id === "ticket") byId("ticket").scrollTo(0, 0);
});

function markOpen() {
  const open = document.querySelector("#ticket > article")?.dataset.ticket;
  for (const row of rows()) {
    if (open && new URL(row.href).pathname.includes(`/${open}/`)) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  }
}

// One-letter keys: never while typing, never with a modifier, and off when the person says so (WCAG 2.1.4).
const keysAreOff = () => localStorage.getItem(KEYS_OFF) === "1";
const isTyping = (target) => target.closest("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable], dialog") !== null;

function move(step) {
  const all = rows();
  if (!all.length) return;
  const here = all.indexOf(document.activeElement);
  const open = all.findIndex((row) => row.hasAttribute("aria-current"));
  const next = here >= 0 ? here + step : open >= 0 ? open + step : 0;
  all[Math.max(0, Math.min(next, all.length - 1))].focus();
}

function compose(kind) {
  const tab = byId(`compose-${kind}`);
  if (!tab) return;
  tab.checked = true;
  byId(`id_${kind}-body`).focus();
}

const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  o: () => document.activeElement?.classList.contains("ticket-row__open") && document.activeElement.click(),
  r: () => compose("reply"),
  n: () => compose("note"),
  u: () => document.querySelector(".ticket__back")?.click(),
  "/": () => byId("desk-q")?.focus(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !(event.key in KEYS)) return;
  if (keysAreOff() || isTyping(event.target)) return;
  event.preventDefault();
  KEYS[event.key]();
});

document.addEventListener("click", (event) => {
  const toggle = event.target.closest("[data-keys]");
  if (!toggle) return;
  localStorage.setItem(KEYS_OFF, keysAreOff() ? "0" : "1");
  showKeys();
});

function showKeys() {
  for (const toggle of document.querySelectorAll("[data-keys]")) {
    toggle.hidden = false;
    toggle.setAttribute("aria-pressed", String(!keysAreOff()));
  }
}
document.addEventListener("htmx:afterSwap", showKeys);
showKeys();
