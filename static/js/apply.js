/* Shows a question at once when an earlier answer on the same page asks for it. Without script the page comes back with it. */

const answers = (form, key) => new FormData(form).getAll(key).filter((value) => value !== "");

const operations = {
  eq: (given, value) => given.includes(value),
  neq: (given, value) => !given.includes(value),
  in: (given, value) => value.some((each) => given.includes(each)),
  has_any: (given, value) => value.some((each) => given.includes(each)),
  truthy: (given) => given.length > 0,
  falsy: (given) => given.length === 0,
};

function show(form) {
  for (const field of form.querySelectorAll("[data-requires]")) {
    const { id, op, value } = JSON.parse(field.dataset.requires);
    if (!operations[op] || !form.elements[id]) continue;
    const asked = operations[op](answers(form, id), value);
    field.hidden = !asked;
    field.querySelector("[name$=':seen']").disabled = !asked;
  }
}

for (const form of document.querySelectorAll("form[data-guard]")) {
  form.addEventListener("change", () => show(form));
  show(form);
}
