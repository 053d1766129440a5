// Two questions after the end, a tap each. The answer goes without a cookie, and names no conversation: nobody learns
// whose it is.
import { el, set, t } from "../../shared/text.js";

const QUESTIONS = ["heard", "knows_on"];
const ANSWERS = ["yes", "some", "no"];

/** @param {{ticket: string}} of @param {typeof fetch} [send] */
export function feedbackBox(of, send = (...asked) => fetch(...asked)) {
  const told = el("p", { role: "status", class: "small" }, t("caller.feedback.whose"));
  /** @param {string} question @param {string} answer */
  const post = (question, answer) =>
    send("/api/feedback/", {
      method: "POST",
      keepalive: true,
      credentials: "omit",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ ticket: of.ticket, [question]: answer }),
    }).catch(() => null);
  return el(
    "div",
    { id: "how", hidden: true },
    el("h3", {}, t("caller.feedback.title")),
    ...QUESTIONS.map((question) => ask(question, told, (answer) => post(question, answer))),
    told,
  );
}

/** @param {string} question @param {HTMLElement} told @param {(answer: string) => Promise<Response | null>} post */
function ask(question, told, post) {
  const buttons = ANSWERS.map((answer) => {
    const show = (/** @type {boolean} */ over, pressed = over) => {
      for (const one of buttons) one.disabled = over;
      button.setAttribute("aria-pressed", `${pressed}`);
    };
    const give = async () => {
      show(true);
      const said = await post(answer);
      // A lost answer may be given again: it counts once.
      const lost = !said || said.status > 499;
      show(!lost, said?.ok);
      set(told, t(`caller.feedback.${said?.ok ? "thanks" : lost ? "lost" : "refused"}`));
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
}
