// Choosing a suggested skill adds it at once; without this file the button "Add" does the same.
(() => {
  "use strict";
  document.addEventListener("combobox:select", (event) => {
    const button = event.target.closest("[data-add-on-choice]")?.querySelector("button[value=add]");
    if (!button) return;
    event.preventDefault();
    button.click();
  });

  // Ready for the next one: the field to add a skill keeps the focus after a skill came or went.
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id === "asked-rows" && document.activeElement === document.body) {
      document.getElementById("id_add_skill")?.focus({ preventScroll: true });
    }
  });
})();
