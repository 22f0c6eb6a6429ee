/* The desk's quiet updates; its keys are in desk-keys.js. Without script the same pages work by links, forms and reloads. */

const byId = (id) => document.getElementById(id);
const rows = () => [...document.querySelectorAll(".ticket-row__open")];

// What has not moved answers 304: nothing is to be swapped, and nothing went wrong.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status === 304) {
    event.detail.shouldSwap = false;
    event.detail.isError = false;
    const etag = event.detail.xhr.getResponseHeader("ETag")?.replace(/^W\//, "");
    if (etag && event.detail.elt.hasAttribute("hx-headers")) event.detail.elt.setAttribute("hx-headers", JSON.stringify({ "If-None-Match": etag }));
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

// Leaving a field gives the keys back; Ctrl or ⌘ with Enter sends what is being written.
document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || !event.target.matches?.("textarea, input, select")) return;
  if (event.key === "Escape") event.target.blur();
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.matches("textarea")) event.target.form?.requestSubmit();
});

// A choice that filters needs no button where there is script.
function hideButtons() {
  for (const button of document.querySelectorAll("[data-noscript]")) button.hidden = true;
}
document.addEventListener("htmx:afterSwap", hideButtons);
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
});
hideButtons();
