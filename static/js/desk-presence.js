/* Says that somebody looks or writes, quietly, and asks nothing while nobody looks at the page. */

const TYPED_FOR = 15000;
let typedAt = 0;
const isTyping = () => Date.now() - typedAt < TYPED_FOR;

document.addEventListener("input", (event) => {
  if (!event.target.closest?.("#composer textarea")) return;
  const wasTyping = isTyping();
  typedAt = Date.now();
  if (!wasTyping) document.getElementById("presence")?.dispatchEvent(new CustomEvent("typed"));
});

document.addEventListener("submit", (event) => {
  if (event.target.closest("#composer")) typedAt = 0;
});

document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.elt.id === "presence") event.detail.parameters.writing = isTyping() ? "1" : "0";
});

// What is asked every few seconds rests while the page is behind another.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (document.hidden && event.detail.elt.getAttribute("hx-trigger")?.includes("every")) event.preventDefault();
});
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) document.getElementById("desk-list")?.dispatchEvent(new CustomEvent("look"));
});
