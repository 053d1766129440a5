// Asks two questions after the end, and a third one after a referral. An answer is sent without a cookie and names no
// conversation, so nobody learns who gave it.
import { el, set, t } from "../../shared/text.js";

/** @type {Record<string, string[]>} */
const QUESTIONS = { heard: ["yes", "some", "no"], knows_on: ["yes", "some", "no"], reached: ["yes", "no"] };

/** @param {{ticket: string}} of @param {string} reached  the services to which the caller was referred before; "": no third question @param {typeof fetch} [send] */
export function feedbackBox(of, reached = "", send = (...asked) => fetch(...asked)) {
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
    ...Object.keys(QUESTIONS)
      .filter((question) => reached || question !== "reached")
      .map((question) => ask(question, reached, told, (answer) => post(question, answer))),
    told,
  );
}

/** @param {string} question @param {string} service @param {HTMLElement} told @param {(answer: string) => Promise<Response | null>} post */
function ask(question, service, told, post) {
  const buttons = QUESTIONS[question].map((answer) => {
    const show = (/** @type {boolean} */ over, pressed = over) => {
      for (const one of buttons) one.disabled = over;
      button.setAttribute("aria-pressed", `${pressed}`);
    };
    const give = async () => {
      show(true);
      const said = await post(answer);
      // If the reply was lost, the answer may be sent again; it is counted only once.
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
    el("legend", {}, t(`caller.feedback.${question}`, { service })),
    el("div", { class: "answers" }, ...buttons),
  );
}
