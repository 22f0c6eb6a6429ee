/* Keeps what is being written on a page of the form: when a field is left, and every 20 seconds when something changed.
   Saves to the same answers, by the same etag, as the page's buttons do. Without script the buttons do all of it. */

const EVERY = 20_000;
const PATIENCE = 15_000;

for (const form of document.querySelectorAll("form[data-keep]")) watch(form);

function watch(form) {
  const line = document.querySelector("[data-saved]");
  let last = body();
  let running = null;
  let isLost = false; // the last try found no connection
  let isOver = false; // another window was quicker, or the page is not ours any more
  let isSure = false;

  function say(words) {
    if (line && line.textContent !== words) line.textContent = words;
  }

  // What is typed, files and the page's own marks apart.
  function body() {
    const data = new FormData(form);
    data.delete("etag");
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    return new URLSearchParams(data).toString();
  }

  function keep() {
    if (isOver || running) return running ?? Promise.resolve(!isLost);
    if (body() === last && !isLost) return Promise.resolve(true);
    running = save().finally(() => { running = null; });
    return running;
  }

  async function save() {
    const sent = body();
    const data = new URLSearchParams(sent);
    data.set("etag", form.elements.etag.value);
    let answer;
    try {
      say(form.dataset.saving);
      answer = await fetch(form.dataset.keep, { method: "POST", body: data, signal: AbortSignal.timeout(PATIENCE) });
      if (answer.status === 409) return clash(read(await answer.text()));
      if (!answer.ok || answer.redirected) return refuse();
      const { etag, saved } = await answer.json();
      form.elements.etag.value = etag;
      say(saved);
    } catch {
      isLost = true;
      say(form.dataset.offline);
      return false;
    }
    isLost = false;
    last = sent;
    if (body() === sent) form.dispatchEvent(new CustomEvent("kept", { bubbles: true }));
    return true;
  }

  function refuse() {
    isOver = true;
    isLost = false;
    say(form.dataset.refused);
    return true;
  }

  // Both texts stand side by side, nothing typed is touched; what to keep is chosen, and saved by a button.
  function clash(page) {
    isOver = true;
    isLost = false;
    form.elements.etag.value = page.querySelector("input[name=etag]").value;
    document.querySelector("main > .errors")?.remove();
    document.querySelector("main").prepend(page.querySelector("main > .errors"));
    for (const theirs of page.querySelectorAll("[data-question]")) {
      const ours = block(form, theirs);
      ours?.querySelector("[data-theirs]")?.remove();
      const note = theirs.querySelector("[data-theirs]");
      if (note) ours?.querySelector(".field__hint").after(note);
    }
    say(form.dataset.clash);
    return true;
  }

  function block(within, other) {
    return within.querySelector(`[data-question="${CSS.escape(other.dataset.question)}"]`);
  }

  function read(html) {
    return new DOMParser().parseFromString(html, "text/html");
  }

  // A chosen file goes at once, with the words; only its own question is drawn anew.
  async function attach(input) {
    const question = input.closest("[data-question]");
    await running;
    question.setAttribute("aria-busy", "true");
    say(form.dataset.saving);
    running = send(question).finally(() => {
      running = null;
      question.removeAttribute("aria-busy");
    });
  }

  async function send(question) {
    let page;
    let status;
    try {
      const answer = await fetch(form.dataset.attach, { method: "POST", body: new FormData(form) });
      status = answer.status;
      page = read(await answer.text());
    } catch {
      say(form.dataset.lostFile);
      return false;
    }
    const theirs = block(page, question);
    if (!theirs) return refuse();
    question.replaceWith(theirs);
    if (status === 409) return clash(page);
    form.elements.etag.value = page.querySelector("input[name=etag]").value;
    say(page.querySelector("[data-saved]").textContent);
    last = body();
    return true;
  }

  form.addEventListener("focusout", (event) => {
    if (event.target.type !== "file") keep();
  });
  form.addEventListener("change", (event) => {
    if (event.target.type === "file" || event.target.name.endsWith(":remove")) attach(event.target);
  });
  addEventListener("online", () => keep());
  addEventListener("pageshow", () => { isSure = false; });
  setInterval(keep, EVERY);

  // A button waits for what is on its way, and does not leave the page where there is no connection.
  form.addEventListener("submit", async (event) => {
    if (isSure || (!running && !isLost && navigator.onLine)) return;
    event.preventDefault();
    const button = event.submitter;
    await running;
    if (!navigator.onLine) isLost = true;
    if (isLost && !(await keep())) return;
    isSure = true;
    form.requestSubmit(button);
  });
}
