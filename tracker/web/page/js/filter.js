// A field for an expression, with what is wrong with it shown under it, at the column.

import { el, later } from "./dom.js";
import * as state from "./state.js";

// expressionField makes a field that writes to the address while one types. It returns {element, refuse(error), warn(sentences), accept(), suggest(words)}.
export function expressionField({ name, label, placeholder, suggestions, size }) {
  const id = "field-" + name;
  const list = suggestions ? el("datalist", { id: id + "-list" }) : null;
  const input = el("input", {
    id,
    name,
    type: "text",
    placeholder,
    size,
    spellcheck: false,
    autocomplete: "off",
    autocapitalize: "off",
    value: state.get(name),
    list: suggestions ? id + "-list" : null,
    "aria-describedby": id + "-error",
    oninput: later(() => state.set({ [name]: input.value.trim() ? input.value : null }), 150),
  });
  const error = el("div", { id: id + "-error", class: "error", role: "alert", hidden: true });
  state.onChange(() => {
    if (document.activeElement !== input) input.value = state.get(name);
  });
  return {
    element: el("div", { class: "field " + name }, el("label", { htmlFor: id }, label), input, list, error),
    refuse({ column, message, hint }) {
      input.setAttribute("aria-invalid", "true");
      error.replaceChildren(
        column ? el("pre", { "aria-hidden": "true" }, input.value + "\n" + " ".repeat(column - 1) + "^") : "",
        message + (hint ? " — " + hint : ""),
      );
      error.hidden = false;
    },
    // warn says what may be wrong with an expression that can be read.
    warn(sentences) {
      error.replaceChildren(sentences.join(" "));
      error.hidden = !sentences.length;
    },
    accept() {
      input.removeAttribute("aria-invalid");
      error.hidden = true;
    },
    suggest(words) {
      list?.replaceChildren(...words.map((w) => el("option", { value: w })));
    },
  };
}
