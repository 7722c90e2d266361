// Suggestions while typing: the ARIA 1.2 editable combobox with list autocomplete. Listens on the document, so that
// fields which htmx brings work as well. Without this file the field is a plain text field.
(() => {
  "use strict";

  const WAIT = 130; // ms of rest before asking
  const asking = new WeakMap(); // box -> {timer, abort}

  const partsOf = (target) => {
    const box = target.closest?.("[data-combobox]");
    const input = box?.querySelector(".combobox-box input");
    if (!input) return null;
    return {
      box, input, list: box.querySelector("[role=listbox]"), id: box.querySelector("[data-combobox-id]"),
      status: box.querySelector("[role=status]"),
    };
  };

  const prepare = ({ input, list }) => {
    if (input.getAttribute("role") === "combobox") return;
    for (const [name, value] of Object.entries({
      role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id,
      autocomplete: "off", autocapitalize: "none", spellcheck: "false",
    })) input.setAttribute(name, value);
  };

  const options = ({ list }) => [...list.children];
  const current = ({ list }) => list.querySelector("[aria-selected=true]");

  const close = (parts) => {
    parts.list.hidden = true;
    parts.input.setAttribute("aria-expanded", "false");
    parts.input.removeAttribute("aria-activedescendant");
    current(parts)?.setAttribute("aria-selected", "false");
  };

  const show = (parts) => {
    if (!options(parts).length) return close(parts);
    parts.list.hidden = false;
    parts.input.setAttribute("aria-expanded", "true");
  };

  const mark = (parts, option) => {
    current(parts)?.setAttribute("aria-selected", "false");
    if (!option) return parts.input.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    parts.input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  };

  const cancel = (box) => {
    const before = asking.get(box);
    clearTimeout(before?.timer);
    before?.abort?.abort();
  };

  // Read aloud; seen as well when there is no list to see.
  const tell = ({ status }, text, seen = false) => {
    status.textContent = text;
    status.classList.toggle("visually-hidden", !seen);
    status.classList.toggle("hint", seen);
  };

  const choose = (parts, option) => {
    cancel(parts.box);
    parts.input.value = option.dataset.label;
    parts.id.value = option.dataset.id;
    parts.box.classList.add("combobox-chosen");
    close(parts);
    parts.list.replaceChildren();
    tell(parts, option.dataset.label);
    const detail = { id: option.dataset.id, label: option.dataset.label };
    const go = parts.box.dispatchEvent(new CustomEvent("combobox:select", { bubbles: true, cancelable: true, detail }));
    if (go && "submit" in parts.box.dataset) parts.input.form?.requestSubmit();
  };

  const ask = async (parts, signal) => {
    const text = parts.input.value.trim();
    if (!text) return;
    try {
      const answer = await fetch(`${parts.box.dataset.url}?q=${encodeURIComponent(text)}`, {
        signal, headers: { "HX-Request": "true" },
      });
      if (!answer.ok) return;
      const html = new DOMParser().parseFromString(`<ul>${await answer.text()}</ul>`, "text/html");
      const found = [...html.querySelectorAll("li")];
      found.forEach((option, index) => { option.id = `${parts.list.id}_${index}`; });
      parts.list.replaceChildren(...found);
      parts.list.scrollTop = 0;
      const { none, one, some } = parts.status.dataset;
      tell(parts, [none, one][found.length] ?? `${found.length} ${some}`, !found.length);
      if (document.activeElement === parts.input) show(parts);
    } catch (error) {
      if (error.name !== "AbortError") close(parts); // offline: it stays a text field
    }
  };

  document.addEventListener("focusin", ({ target }) => {
    const parts = partsOf(target);
    if (parts?.input === target) prepare(parts);
  });

  document.addEventListener("input", ({ target }) => {
    const parts = partsOf(target);
    if (parts?.input !== target) return;
    prepare(parts);
    parts.id.value = "";
    parts.box.classList.remove("combobox-chosen");
    cancel(parts.box);
    if (!target.value.trim()) {
      parts.list.replaceChildren();
      tell(parts, "");
      return close(parts);
    }
    const abort = new AbortController();
    asking.set(parts.box, { abort, timer: setTimeout(() => ask(parts, abort.signal), WAIT) });
  });

  document.addEventListener("keydown", (event) => {
    const parts = partsOf(event.target);
    if (parts?.input !== event.target || event.isComposing) return;
    const all = options(parts);
    const at = all.indexOf(current(parts));
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && all.length) {
      event.preventDefault();
      show(parts);
      const rest = all.length + 1; // one place is the text itself
      mark(parts, event.altKey ? null : all[(at + 1 + step + rest) % rest - 1]);
    } else if (event.key === "Enter" && !parts.list.hidden && at >= 0) {
      event.preventDefault();
      choose(parts, all[at]);
    } else if (event.key === "Escape" && !parts.list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      close(parts);
    }
  });

  document.addEventListener("pointerdown", (event) => {
    const list = event.target.closest?.("[data-combobox] [role=listbox]");
    if (list) event.preventDefault(); // the focus stays in the field
  });
  document.addEventListener("click", (event) => {
    const option = event.target.closest?.("[role=option]");
    const parts = option && partsOf(option);
    if (parts) choose(parts, option);
  });
  document.addEventListener("focusout", ({ target }) => {
    const parts = partsOf(target);
    if (parts?.input === target) close(parts);
  });
})();
