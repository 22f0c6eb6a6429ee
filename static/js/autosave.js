/* Keeps what is being written on a page of the form: when a field is left, and every 20 seconds when something changed.
   Saves to the same answers, by the same etag, as the page's buttons do. Without script the buttons do all of it. */

const EVERY = 20_000;
const PATIENCE = 15_000;

for (const form of document.querySelectorAll("form[data-keep]")) watch(form);

function watch(form) {
  const line = document.querySelector("[data-saved]");
  let last = body();
  let keeping = null; // what ends the try that is on its way
  let isLeaving = false; // a button was pressed: it saves
  let sending = null; // files on their way
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

  // True when nothing is left to save.
  async function keep() {
    if (isOver || keeping || sending) return !isLost;
    if (body() === last && !isLost) return true;
    const sent = body();
    keeping = new AbortController();
    const timer = setTimeout(() => keeping.abort(), PATIENCE);
    let saved = "";
    try {
      saved = (await post(sent)) || (!isOver && !isLost && (await post(sent)));
    } catch {
      refuse(); // an answer nobody can read: the buttons do it
    } finally {
      clearTimeout(timer);
      keeping = null;
    }
    if (isOver || isLeaving) return true;
    if (isLost) {
      say(form.dataset.offline);
      return false;
    }
    say(saved);
    last = sent;
    if (body() === sent) form.dispatchEvent(new CustomEvent("kept", { bubbles: true }));
    return true;
  }

  // The words of the line; none when this window has saved since, and may try again with the newer etag.
  async function post(sent) {
    const data = new URLSearchParams(sent);
    data.set("etag", form.elements.etag.value);
    let answer;
    try {
      answer = await fetch(form.dataset.keep, { method: "POST", body: data, signal: keeping.signal });
      isLost = false;
    } catch {
      isLost = !isLeaving;
      return "";
    }
    if (answer.status === 409) return clash(read(await answer.text()));
    if (!answer.ok || answer.redirected) return refuse();
    const { etag, saved } = await answer.json();
    form.elements.etag.value = etag;
    return saved;
  }

  function refuse() {
    isOver = true;
    isLost = false;
    say(form.dataset.refused);
    return "";
  }

  // Both texts stand side by side, nothing typed is touched; what to keep is chosen, and saved by a button.
  function clash(page) {
    isOver = true;
    isLost = false;
    form.elements.etag.value = page.querySelector("input[name=etag]").value;
    document.querySelector("main > .errors")?.remove();
    document.querySelector("main").prepend(page.querySelector("main > .errors"));
    for (const theirs of page.querySelectorAll("[data-question]")) {
      const ours = twin(form, theirs);
      ours?.querySelector("[data-theirs]")?.remove();
      const note = theirs.querySelector("[data-theirs]");
      if (note) ours?.querySelector(".field__hint").after(note);
    }
    say(form.dataset.clash);
    return "";
  }

  function twin(within, question) {
    return within.querySelector(`[data-question="${CSS.escape(question.dataset.question)}"]`);
  }

  function read(html) {
    return new DOMParser().parseFromString(html, "text/html");
  }

  // A chosen file goes at once, with the words; only its own question is drawn anew.
  async function attach(question) {
    if (isOver) return;
    question.setAttribute("aria-busy", "true");
    say(form.dataset.saving);
    try {
      const answer = await fetch(form.dataset.attach, { method: "POST", body: new FormData(form) });
      place(question, read(await answer.text()), answer.status);
    } catch {
      say(form.dataset.lostFile);
    } finally {
      question.removeAttribute("aria-busy");
    }
  }

  function place(question, page, status) {
    const theirs = twin(page, question);
    if (!theirs) {
      refuse();
      return;
    }
    question.replaceWith(theirs);
    if (status === 409) {
      clash(page);
      return;
    }
    form.elements.etag.value = page.querySelector("input[name=etag]").value;
    say(page.querySelector("[data-saved]").textContent);
    last = body();
  }

  form.addEventListener("focusout", (event) => {
    if (event.target.type !== "file" && event.relatedTarget?.type !== "submit") keep();
  });
  form.addEventListener("change", (event) => {
    if (event.target.type !== "file" && !event.target.name.endsWith(":remove")) return;
    sending = attach(event.target.closest("[data-question]")).finally(() => { sending = null; });
  });
  addEventListener("online", () => keep());
  document.addEventListener("visibilitychange", () => { if (document.hidden) keep(); }); // to another app, and who knows back
  addEventListener("pageshow", () => { isSure = isLeaving = false; });
  setInterval(keep, EVERY);

  // A button waits for files on their way, and does not leave the page where there is no connection.
  form.addEventListener("submit", async (event) => {
    if (isSure || (!sending && !isLost && navigator.onLine)) {
      isLeaving = true;
      keeping?.abort();
      return;
    }
    event.preventDefault();
    const button = event.submitter;
    await sending;
    if (!navigator.onLine) isLost = true;
    if (isLost && !(await keep())) return;
    isSure = true;
    if (button) button.click();
    else form.submit();
  });
}
