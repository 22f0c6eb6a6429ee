/* The little that moves: every page works without it. Each behaviour hangs on one data attribute. */

const root = document.documentElement;

// What only works with script is hidden until script is here.
for (const element of document.querySelectorAll("[data-script][hidden]")) element.hidden = false;

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) {
    event.preventDefault();
    document.getElementById(opener.dataset.opens)?.showModal();
    return;
  }
  const closer = event.target.closest("[data-closes]");
  if (closer) {
    const dialog = closer.closest("dialog");
    if (dialog?.open) {
      event.preventDefault();
      dialog.close();
    } else if (!dialog) {
      closer.closest(".toast")?.remove();
    }
    return;
  }
  const copier = event.target.closest("[data-copies]");
  if (copier) {
    const source = document.getElementById(copier.dataset.copies);
    navigator.clipboard?.writeText(source.value ?? source.textContent.trim()).then(() => {
      copier.textContent = copier.dataset.copied;
    });
    return;
  }
  const theme = event.target.closest("[data-theme-choice]");
  if (theme) chooseTheme(theme.dataset.themeChoice);
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = event.target.closest?.("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

// The theme: the system's, unless the person fixed one. A cookie, so that the next page is drawn right at once.
function chooseTheme(theme) {
  if (theme) root.dataset.theme = theme;
  else delete root.dataset.theme;
  document.cookie = `theme=${theme}; path=/; max-age=${theme ? 31536000 : 0}; samesite=lax`;
  showTheme();
}

function showTheme() {
  for (const button of document.querySelectorAll("[data-theme-choice]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeChoice === (root.dataset.theme ?? "")));
  }
}
showTheme();

// Words not yet sent are not lost by a slip: forms marked data-guard ask before the page goes.
const unsaved = new Set();
document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-guard]");
  if (form) unsaved.add(form);
});
document.addEventListener("submit", (event) => {
  if (!event.defaultPrevented) unsaved.delete(event.target);
});
document.addEventListener("kept", (event) => unsaved.delete(event.target)); // js/autosave.js
addEventListener("beforeunload", (event) => {
  if (unsaved.size) event.preventDefault();
});

// A page that comes back with errors puts the reader at the summary.
document.querySelector("[data-focus]")?.focus();
