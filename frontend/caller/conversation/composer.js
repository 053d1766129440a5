// Makes the form in which the caller writes, and checks a text before it is sent.
import { MAX_TEXT_BYTES } from "../../shared/sealing.js";
import { el, set, submitting, t, touches } from "../../shared/text.js";
import { SecondThought } from "./personal.js";

/**
 * Makes the form to write in.
 * @param {{typed: (text: string) => void, send: (text: string) => Promise<void>}} on  typed: with each change
 */
export function composer(on) {
  const text = el("textarea", {
    ...{ id: "text", rows: "1", autocomplete: "off", placeholder: t("caller.write.here") },
    oninput: () => on.typed(text.value),
  });
  const note = el("p", { class: "small bad-text", role: "alert", hidden: true });
  const why = whyNot(new SecondThought());
  const send = async () => {
    const words = text.value.trim();
    set(note, words && why(words));
    note.hidden = note.textContent === "";
    if (!words || !note.hidden) return;
    text.value = "";
    await on.send(words);
  };
  // On a phone, Enter starts a new line.
  text.addEventListener("keydown", (event) => {
    const newLine = event.shiftKey || event.isComposing || touches();
    if (event.key !== "Enter" || newLine) return;
    event.preventDefault();
    send();
  });
  const form = el(
    "form",
    { class: "composer", onsubmit: submitting(send) },
    note,
    el("label", { for: "text", class: "unseen" }, t("caller.write.label")),
    el("div", { class: "line" }, text, el("button", { class: "primary" }, t("caller.write.send"))),
  );
  return { form, text };
}

/** Returns why a text is not sent, in words; "" if it is. @param {SecondThought} thought @returns {(text: string) => string} */
const whyNot = (thought) => (text) => {
  if (new TextEncoder().encode(text).length > MAX_TEXT_BYTES) return t("caller.write.long");
  const personal = thought.about(text);
  return personal && t(`caller.personal.${personal}`);
};
