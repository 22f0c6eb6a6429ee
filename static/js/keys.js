/* One-letter keys of the board and of meetings: never while typing, never with a modifier, off when the person says so (WCAG 2.1.4). */

const OFF = "review-keys-off";
const areOff = () => localStorage.getItem(OFF) === "1";
const isTyping = (target) => target.closest("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable], dialog") !== null;
const rows = () => [...document.querySelectorAll("[data-key-row]")];
const press = (name) => document.querySelector(`[data-key="${name}"]`)?.click();

function step(by) {
  const all = rows();
  const here = all.indexOf(document.activeElement);
  all[here < 0 ? 0 : Math.max(0, Math.min(here + by, all.length - 1))]?.focus();
}

// The card at the same height of the stage beside this one.
function across(by) {
  const stages = [...document.querySelectorAll(".board__stage")].map((stage) => [...stage.querySelectorAll("[data-key-row]")]).filter((cards) => cards.length);
  const here = stages.findIndex((cards) => cards.includes(document.activeElement));
  const next = stages[here + by];
  if (here < 0 || !next) return;
  next[Math.min(stages[here].indexOf(document.activeElement), next.length - 1)].focus();
}

const hasRows = () => rows().length > 0;
const LETTERS = {
  j: () => (hasRows() ? step(1) : press("next")),
  k: () => (hasRows() ? step(-1) : press("previous")),
  "/": () => document.querySelector("[type=search]")?.focus(),
  "?": () => document.getElementById("keys")?.showModal(),
};
const ARROWS = { ArrowDown: () => step(1), ArrowUp: () => step(-1), ArrowRight: () => across(1), ArrowLeft: () => across(-1) };

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target)) return;
  const act = LETTERS[event.key] ?? (event.target.matches("[data-key-row]") ? ARROWS[event.key] : undefined);
  if (!act || (areOff() && event.key in LETTERS)) return;
  event.preventDefault();
  act();
});

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-key-switch]")) return;
  localStorage.setItem(OFF, areOff() ? "0" : "1");
  show();
});

function show() {
  for (const button of document.querySelectorAll("[data-key-switch]")) button.setAttribute("aria-pressed", String(!areOff()));
}
show();

// A quiet clock: how long this application has been talked about, in whole minutes.
for (const clock of document.querySelectorAll("[data-since]")) {
  const since = new Date(clock.dataset.since);
  const tell = () => { clock.textContent = `${Math.max(0, Math.floor((Date.now() - since) / 60000))} min`; };
  tell();
  setInterval(tell, 15000);
}
