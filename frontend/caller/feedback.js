// Two questions after the end, a tap each. The answer goes without a cookie, and names no conversation: nobody learns
// whose it is.
import { el, set, t } from "../shared/text.js";

const QUESTIONS = ["heard", "knows_on"];
const ANSWERS = ["yes", "some", "no"];

/** @param {string} line @param {typeof fetch} [send] */
export function feedbackBox(line, send = (...asked) => fetch(...asked)) {
  const told = el("p", { role: "status", class: "small" }, t("caller.feedback.whose"));
  /** @param {string} question */
  const ask = (question) => {
    const buttons = ANSWERS.map((answer) => {
      const give = () => {
        for (const one of buttons) one.disabled = true;
        button.setAttribute("aria-pressed", "true");
        set(told, t("caller.feedback.thanks"));
        const body = JSON.stringify({ line, [question]: answer });
        const headers = { "Content-Type": "application/json" };
        send("/api/feedback/", { method: "POST", keepalive: true, credentials: "omit", headers, body }).catch(
          () => {},
        );
      };
      const button = el(
        "button",
        { type: "button", class: "second", onclick: give },
        t(`caller.feedback.${answer}`),
      );
      return button;
    });
    return el(
      "fieldset",
      { class: "feedback" },
      el("legend", {}, t(`caller.feedback.${question}`)),
      el("div", { class: "answers" }, ...buttons),
    );
  };
  return el("div", {}, el("h3", {}, t("caller.feedback.title")), ...QUESTIONS.map(ask), told);
}
