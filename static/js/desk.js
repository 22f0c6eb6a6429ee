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

// What was sent anew keeps its place: the open ticket stays marked, who was on a row stays there, nothing jumps.
const SCROLLED = [".list", ".letters"];
let focused = "";
let places = [];
document.addEventListener("htmx:beforeSwap", (event) => {
  focused = document.activeElement?.id ?? "";
  places = event.detail.target.id === "ticket" ? [] : SCROLLED.map((each) => document.querySelector(each)?.scrollTop ?? 0);
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id === "ticket") toNewest();
  else SCROLLED.forEach((each, place) => document.querySelector(each)?.scrollTo(0, places[place]));
  if (focused && document.activeElement === document.body) byId(focused)?.focus({ preventScroll: true });
  markOpen();
});

// A ticket opens at its newest letter.
function toNewest() {
  const letters = document.querySelector("#ticket .letters");
  letters?.scrollTo(0, letters.scrollHeight);
}
toNewest();

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

// Leaving a field gives the keys back; Ctrl or ⌘ with Enter sends what is being written.
document.addEventListener("keydown", (event) => {
  if (!event.target.matches?.("textarea, input, select")) return;
  if (event.key === "Escape") event.target.blur();
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.matches("textarea")) event.target.form?.requestSubmit();
});

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

// A choice that filters needs no button where there is script.
function hideButtons() {
  for (const button of document.querySelectorAll("[data-noscript]")) button.hidden = true;
}
document.addEventListener("htmx:afterSwap", hideButtons);
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
});
hideButtons();
