/* The support widget. One line on any site: <script src="https://DESK/widget.js" data-key="KEY" defer></script>
   It stores nothing and sends no cookie; its style lives in a shadow root, apart from the page's. */
(() => {
  const me = document.currentScript;
  if (!me?.dataset.key || !HTMLElement.prototype.attachShadow || !window.HTMLDialogElement) return;

  const WORDS = {
    en: ["Help", "Ask for help", "Close", "What is it about?", "What happens, and what did you expect?", "Your name", "Your e-mail address",
      "This may already answer it", "Send", "Sending…", "Your question is with {desk}. We answer by mail to {email}.",
      "Your question is kept. A representative of {community} reads it first; the answer comes by mail to {email}.",
      "Its reference is {reference}.", "We answer by mail to the address you give. The address of this page goes along.",
      "We could not reach the desk. What you wrote is still here; try again in a while.", "Please look at this again.", "Leave this empty",
      "Fill this in.", "Ask something else", "opens in a new tab"],
    es: ["Ayuda", "Pedir ayuda", "Cerrar", "¿De qué se trata?", "¿Qué ocurre y qué esperaba?", "Su nombre", "Su correo electrónico",
      "Quizá esto ya lo responda", "Enviar", "Enviando…", "Su pregunta ya está en {desk}. Respondemos por correo a {email}.",
      "Su pregunta está guardada. Una persona que representa a {community} la lee primero; la respuesta llega por correo a {email}.",
      "Su referencia es {reference}.", "Respondemos por correo a la dirección que indique. También se envía la dirección de esta página.",
      "No pudimos conectar con el servicio. Lo que escribió sigue aquí; inténtelo más tarde.", "Revise esto, por favor.", "Deje esto vacío",
      "Rellene este campo.", "Preguntar otra cosa", "se abre en otra pestaña"],
    pt: ["Ajuda", "Pedir ajuda", "Fechar", "Do que se trata?", "O que acontece e o que esperava?", "Seu nome", "Seu e-mail",
      "Talvez isto já responda", "Enviar", "Enviando…", "Sua pergunta já está com {desk}. Respondemos por e-mail para {email}.",
      "Sua pergunta está guardada. Quem representa {community} lê primeiro; a resposta chega por e-mail em {email}.",
      "A referência é {reference}.", "Respondemos por e-mail ao endereço informado. O endereço desta página vai junto.",
      "Não foi possível alcançar o atendimento. O que escreveu continua aqui; tente mais tarde.", "Veja isto de novo, por favor.",
      "Deixe isto vazio", "Preencha este campo.", "Perguntar outra coisa", "abre em outra aba"],
    fr: ["Aide", "Demander de l’aide", "Fermer", "De quoi s’agit-il ?", "Que se passe-t-il, et qu’attendiez-vous ?", "Votre nom",
      "Votre adresse e-mail", "Ceci y répond peut-être déjà", "Envoyer", "Envoi…",
      "Votre question est chez {desk}. Nous répondons par e-mail à {email}.",
      "Votre question est conservée. Une personne représentant {community} la lit d’abord ; la réponse arrive par e-mail à {email}.",
      "Sa référence est {reference}.", "Nous répondons par e-mail à l’adresse indiquée. L’adresse de cette page est jointe.",
      "Le service n’a pas pu être joint. Ce que vous avez écrit est toujours là ; réessayez plus tard.", "Merci de revoir ceci.",
      "Laissez ceci vide", "Remplissez ce champ.", "Poser une autre question", "s’ouvre dans un nouvel onglet"],
  };
  const NAMES = ["help", "title", "close", "subject", "body", "name", "email", "answers", "send", "sending", "sent", "kept", "reference",
    "where", "away", "again", "empty", "missing", "more", "tab"];
  const wanted = (me.dataset.language || document.documentElement.lang || "en").slice(0, 2).toLowerCase();
  const language = wanted in WORDS ? wanted : "en";
  const say = Object.fromEntries(NAMES.map((name, index) => [name, WORDS[language][index]]));
  const fill = (words, facts) => words.replace(/\{(\w+)\}/g, (whole, name) => facts[name] ?? whole);

  const CSS = `
:host { all: initial; --a: #0b6b61; --on: #fff; --paper: #fff; --ink: #1d2327; --soft: #4d565c; --line: #7d8489; --bad: #a3211f; color-scheme: light }
@media (prefers-color-scheme: dark) {
  :host { --a: #5cc9bb; --on: #06201d; --paper: #1b2023; --ink: #e8e6e1; --soft: #aab2b6; --line: #7f898e; --bad: #ff9c94; color-scheme: dark }
}
* { box-sizing: border-box; font: inherit; color: inherit }
:host, dialog { font: 1rem/1.5 system-ui, sans-serif; color: var(--ink) }
button { min-height: 44px; padding: 0 16px; border: 1px solid var(--a); border-radius: 6px; background: var(--a); color: var(--on); cursor: pointer; font-weight: 600 }
button.quiet { background: none; color: var(--a) }
.open { position: fixed; inset-block-end: 16px; inset-inline-end: 16px; z-index: 2147483000; box-shadow: 0 2px 8px #0004 }
:focus-visible { outline: 3px solid var(--a); outline-offset: 2px }
dialog { width: min(30rem, calc(100vw - 16px)); max-height: calc(100dvh - 16px); overflow: auto; padding: 16px; border: 1px solid var(--line); border-radius: 8px; background: var(--paper) }
dialog::backdrop { background: #0008 }
header { display: flex; justify-content: space-between; align-items: center; gap: 8px }
h2 { margin: 0; font-size: 1.25rem; font-weight: 650 }
h3 { margin: 0; font-weight: 650 }
label { display: block; margin: 12px 0 4px; font-weight: 600 }
input, textarea { display: block; width: 100%; min-height: 44px; padding: 8px; border: 1px solid var(--line); border-radius: 6px; background: var(--paper) }
[aria-invalid=true] { border: 2px solid var(--bad) }
.bad { margin: 4px 0; color: var(--bad) }
.soft { margin: 8px 0; color: var(--soft); font-size: .875rem }
ul { margin: 4px 0; padding: 0; list-style: none }
li { margin: 8px 0 }
a { color: var(--a) }
.hp { position: absolute; inset-inline-start: -10000px }
[hidden] { display: none }`;

  // An element with its attributes and what is in it; words become text, never HTML.
  const make = (tag, attributes = {}, ...inside) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...inside);
    return element;
  };

  const desk = new URL(me.src).origin;
  const post = async (what, fields) => {
    const response = await fetch(`${desk}/widget/${encodeURIComponent(me.dataset.key)}/${what}/`, {
      method: "POST", mode: "cors", credentials: "omit", keepalive: what === "opened", referrerPolicy: "no-referrer",
      headers: { "X-Widget": "1" }, body: new URLSearchParams(fields),
    });
    return { status: response.status, answer: response.status === 204 ? {} : await response.json() };
  };

  const host = make("div", { lang: language });
  const shadow = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(CSS);
  shadow.adoptedStyleSheets = [sheet];

  const opener = make("button", { type: "button", class: "open", "aria-haspopup": "dialog" }, say.help);
  const field = (name, tag, attributes) => {
    const control = make(tag, { id: name, name, required: "", "aria-describedby": `${name}-bad`, ...attributes });
    return [make("label", { for: name }, say[name]), control, make("p", { id: `${name}-bad`, class: "bad", hidden: "" })];
  };
  const answers = make("div", { role: "status" });
  const alarm = make("p", { class: "bad", role: "alert" });
  const sender = make("button", {}, say.send);
  const form = make("form", { novalidate: "" },
    ...field("subject", "input", { maxlength: 255, autocomplete: "off" }), answers,
    ...field("body", "textarea", { rows: 5, maxlength: 20000 }),
    ...field("name", "input", { maxlength: 200, autocomplete: "name" }),
    ...field("email", "input", { type: "email", maxlength: 254, autocomplete: "email" }),
    make("div", { class: "hp", "aria-hidden": "true" },
      make("label", { for: "website" }, say.empty), make("input", { id: "website", name: "website", tabindex: -1, autocomplete: "off" })),
    make("p", { class: "soft" }, say.where), alarm, sender);
  const thanks = make("div", { hidden: "", tabindex: -1 });
  const closer = make("button", { type: "button", class: "quiet" }, say.close);
  const dialog = make("dialog", { "aria-labelledby": "title" },
    make("header", {}, make("h2", { id: "title" }, say.title), closer), form, thanks);
  shadow.append(opener, dialog);
  document.body.append(host);

  const control = (name) => form.elements.namedItem(name);
  // A random word for the form, kept nowhere else: with it the desk counts whether an article answered.
  const word = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (octet) => octet.toString(16).padStart(2, "0")).join("");
  let begun, asked = "", timer, wordOfForm = word();

  // When the dialog opens the desk is told, and says who reads the question first.
  const begin = () => (begun ??= post("start", {}).then(({ status, answer }) => {
    if (status !== 200) throw new Error(answer.error);
    return answer;
  }).catch((error) => {
    begun = undefined;
    throw error;
  }));

  opener.addEventListener("click", () => {
    dialog.showModal();
    (thanks.hidden ? control("subject") : thanks).focus();
    begin().catch(() => {});
  });
  closer.addEventListener("click", () => dialog.close());

  const suggest = async () => {
    const words = `${control("subject").value} ${control("body").value.slice(0, 300)}`.trim();
    if (words.length < 4 || words === asked) return;
    asked = words;
    const { answer } = await post("articles", { q: words, form: wordOfForm }).catch(() => ({ answer: {} }));
    if (words !== asked) return;
    const found = answer.articles ?? [];
    answers.replaceChildren(...(found.length ? [
      make("h3", {}, say.answers),
      make("ul", {}, ...found.map(({ id, title, url, excerpt }) => make("li", {},
        make("a", { href: url, target: "_blank", rel: "noopener", title: say.tab, "data-id": id }, title), make("div", { class: "soft" }, excerpt)))),
    ] : []));
  };
  for (const press of ["click", "auxclick"]) {
    answers.addEventListener(press, (event) => {
      const article = event.target.closest("a")?.dataset.id;
      if (article && event.button < 2) post("opened", { form: wordOfForm, article }).catch(() => {});
    });
  }
  form.addEventListener("input", (event) => {
    if (!["subject", "body"].includes(event.target.name)) return;
    clearTimeout(timer);
    timer = setTimeout(suggest, 500);
  });

  const show = (errors) => {
    let first;
    for (const name of ["subject", "body", "name", "email"]) {
      const wrong = errors[name]?.join(" ") ?? "";
      const note = shadow.getElementById(`${name}-bad`);
      note.textContent = wrong;
      note.hidden = !wrong;
      control(name).setAttribute("aria-invalid", String(Boolean(wrong)));
      if (wrong) first ??= control(name);
    }
    alarm.textContent = first ? say.again : "";
    first?.focus();
    return Boolean(first);
  };
  const missing = () => Object.fromEntries(["subject", "body", "name", "email"].flatMap((name) => {
    const it = control(name);
    if (it.validity.valid && it.value.trim()) return [];
    return [[name, [it.value.trim() ? it.validationMessage : say.missing]]];
  }));

  const thank = (answer, facts) => {
    const more = make("button", { type: "button", class: "quiet" }, say.more);
    more.addEventListener("click", () => {
      thanks.hidden = true;
      form.hidden = false;
      control("subject").focus();
    });
    thanks.replaceChildren(
      make("p", {}, fill(answer.waits ? say.kept : say.sent, facts)), make("p", {}, fill(say.reference, answer)), more);
    for (const name of ["subject", "body"]) control(name).value = "";
    answers.replaceChildren();
    begun = undefined;
    asked = "";
    wordOfForm = word();
    form.hidden = true;
    thanks.hidden = false;
    thanks.focus();
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (sender.disabled || show(missing())) return;
    sender.disabled = true;
    sender.textContent = say.sending;
    try {
      const { token, ...facts } = await begin();
      const fields = Object.fromEntries(new FormData(form));
      const { status, answer } = await post("tickets", {
        ...fields, token, language, form: wordOfForm, page_url: location.origin + location.pathname, page_title: document.title.slice(0, 200),
      });
      if (status === 201) thank(answer, { ...facts, email: fields.email });
      else if (!show(answer.errors ?? {})) alarm.textContent = answer.error ?? say.away;
    } catch (error) {
      alarm.textContent = say.away;
    } finally {
      sender.disabled = false;
      sender.textContent = say.send;
    }
  });
})();
