/* Counts the half hour down, quietly: the word changes, nothing is announced and nothing moves. Without script the page says what it was. */

const MINUTE = 60_000;
const SOON = 5;

function tick() {
  for (const box of document.querySelectorAll("[data-ends-at]")) {
    const left = Math.ceil((Date.parse(box.dataset.endsAt) - Date.now()) / MINUTE);
    const word = (left > 0 ? box.dataset.left : box.dataset.over).replace("#n#", String(Math.abs(left)));
    const line = box.querySelector(".timebox__word");
    if (line.textContent !== word) line.textContent = word;
    box.className = `timebox timebox--${left <= 0 ? "bad" : left <= SOON ? "act" : "info"}`;
  }
}

tick();
setInterval(tick, 10_000);
document.addEventListener("htmx:afterSwap", tick);
