/* The total of a review while it is being scored; the server computes the one that is kept. */
const form = document.querySelector("[data-review]");

function total() {
  let points = 0, weight = 0, left = 0;
  for (const criterion of form.querySelectorAll("[data-weight]")) {
    const value = criterion.querySelector("input[type=radio]:checked")?.value;
    const share = Number(criterion.dataset.weight);
    if (value === undefined) left += 1;
    else if (value !== "na") { points += share * Number(value); weight += share; }
  }
  return { score: weight ? (100 * points / (4 * weight)).toFixed(1) : null, left };
}

function show() {
  const { score, left } = total();
  const output = form.querySelector("[data-review-total]");
  if (score === null) return;
  output.textContent = left ? `${score} / 100 · ${form.dataset.left.replace("0", left)}` : `${score} / 100`;
}

if (form) {
  form.addEventListener("change", show);
  show();
}

if (matchMedia("(min-width: 60rem)").matches) {
  for (const sheet of document.querySelectorAll("[data-open-wide]")) sheet.open = true;
}
