// Small comforts; every page also works without this file.
(() => {
  "use strict";

  // The theme changes without a new page; the answer of the server sets the cookie.
  const form = document.querySelector("[data-theme-form]");
  form?.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!button || !window.fetch) return;
    event.preventDefault();
    const data = new FormData(form);
    data.set("theme", button.value);
    fetch(form.action, { method: "POST", body: data, redirect: "manual" }).catch(() => form.submit());
    if (button.value === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = button.value;
    form.querySelectorAll("button").forEach((each) => each.setAttribute("aria-pressed", String(each === button)));
  });

  // The menu closes with Escape and when something else is chosen.
  const menu = document.querySelector("details.menu");
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu?.open) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  document.addEventListener("click", (event) => {
    if (menu?.open && !menu.contains(event.target)) menu.open = false;
  });

  // Errors are read aloud: the summary gets the focus, also when htmx brought it.
  const focusErrors = (root) => root.querySelector?.("[data-error-summary]")?.focus();
  focusErrors(document);
  document.addEventListener("htmx:afterSettle", (event) => focusErrors(event.target));
})();
