// Two questions after the end, a tap each. The answer goes without a cookie, and names no conversation: nobody learns
// whose it is.
import { el, set, t } from "../../shared/text.js";

const QUESTIONS = ["heard", "knows_on"];
const ANSWERS = ["yes", "some", "no"];

/** @param {{ticket: string}} of @param {typeof fetch} [send] */
export function feedbackBox(of, send = (...asked) => fetch(...asked)) {
  const told = el("p", { role: "status", class: "small" }, t("caller.feedback.whose"));
  /** @param {string} question */
  const ask = (question) => {
    const buttons = ANSWERS.map((answer) => {
      const show = (/** @type {boolean} */ over, pressed = over) => {
        for (const one of buttons) one.disabled = over;
        button.setAttribute("aria-pressed", `${pressed}`);
      };
      const give = async () => {
        show(true);
        const body = JSON.stringify({ ticket: of.ticket, [question]: answer });
        const headers = { "Content-Type": "application/json" };
        const said = await send("/api/feedback/", {
          method: "POST",
          keepalive: true,
          credentials: "omit",
          headers,
          body,
        }).catch(() => null);
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
  };
  return el(
    "div",
    { id: "how", hidden: true },
    el("h3", {}, t("caller.feedback.title")),
    ...QUESTIONS.map(ask),
    told,
  );
}
