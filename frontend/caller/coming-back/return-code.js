// A code on paper leads back into the same conversation, once: made in the conversation, typed in on the first screen.
import { freshCode, readCode } from "../../shared/sealing.js";
import { ErrorReply } from "../../shared/socket.js";
import { el, set, submitting, t } from "../../shared/text.js";
import { button, heading, show } from "../screens.js";

const GROUP = 5; // letters, so that an eye finds its place

/** @param {string} code */
const grouped = (code) => code.match(new RegExp(`.{${GROUP}}`, "g"))?.join(" ") ?? code;

/**
 * One step a view: the code is shown, then typed back from the paper, and works from then on.
 * @param {Pick<import("../conversation/conversation.js").Conversation, "keepCode" | "coded">} conversation
 */
export function codeBox(conversation) {
  const told = el("p", { role: "status", tabindex: "-1" });
  const steps = el("div", { class: "steps" });
  const say = (/** @type {string} */ key) => set(told, key && t(`caller.code.${key}`));
  /** @param {() => Promise<void>} act @param {string} done */
  const attempt = async (act, done) => {
    try {
      await act();
      say(done);
      return true;
    } catch (error) {
      say(error instanceof ErrorReply && error.code === "ended" ? "late" : "offline");
      return false;
    }
  };
  const offer = () =>
    steps.replaceChildren(
      el("p", {}, t("caller.code.what")),
      button("caller.code.make", () => write(freshCode()), "second"),
    );
  const forget = async () => {
    if (await attempt(() => conversation.keepCode(null), "forgotten")) offer();
    told.focus();
  };
  const hold = () => steps.replaceChildren(button("caller.code.forget", forget, "quiet"));
  const stop = () => {
    say("");
    offer();
    steps.querySelector("button")?.focus();
  };

  const write = (/** @type {string} */ code) => {
    say("");
    const shown = el("p", { class: "code", tabindex: "-1", translate: "no" }, grouped(code));
    steps.replaceChildren(
      ...[el("p", {}, t("caller.code.paper")), shown, el("p", {}, t("caller.code.not_yet"))],
      button("caller.code.written", () => copy(code), "second"),
      button("caller.code.not", stop, "quiet"),
    );
    shown.focus({ preventScroll: true });
    steps.scrollIntoView({ block: "start" });
  };
  const copy = (/** @type {string} */ code) => {
    say("");
    const form = codeForm("caller.code.again", "caller.code.check", async (typed) => {
      if (typed !== code) return say("differs");
      if (await attempt(() => conversation.keepCode(code), "kept")) hold();
      told.focus();
    });
    steps.replaceChildren(
      form,
      button("caller.code.look", () => write(code), "quiet"),
    );
    form.querySelector("input")?.focus({ preventScroll: true });
    form.scrollIntoView({ block: "start" });
  };

  offer();
  // Of an earlier page of this tab: it can be thrown away, and is not renewed.
  const look = () => {
    if (!conversation.coded.kept || conversation.coded.renewed) return;
    say("older");
    hold();
  };
  return el(
    "details",
    { class: "later", ontoggle: look },
    el("summary", {}, t("caller.code.offer")),
    ...[told, steps],
  );
}

const REASONS = ["not_typed", "typo", "used_up", "elsewhere", "erased"]; // why a code fails, the likeliest first

/** Whoever types it is asked first who else can see the screen. @param {string} failed  the code that did not work; "": none yet @param {{open: (code: string) => void, back: () => void}} on */
export function showCodeScreen(failed, { open, back }) {
  const wrong = el("p", { role: "alert", class: "bad-text" }, failed && t("caller.code.failed"));
  const reasons = el("ul", {}, ...REASONS.map((why) => el("li", {}, t(`caller.code.failed.${why}`))));
  const form = codeForm("caller.code.label", "caller.code.go", (typed) => {
    if (typed) return open(typed);
    reasons.remove();
    set(wrong, t("caller.code.wrong"));
  });
  const input = /** @type {HTMLInputElement} */ (form.querySelector("input"));
  input.value = grouped(failed);
  show(
    heading(t("caller.code.title")),
    el("p", { class: "lead" }, t("caller.code.alone")),
    ...[wrong, failed && reasons, form, button("caller.code.back", back, "quiet")],
  );
}

/** `act` is told the code that was meant, or null where it can be none. @param {string} label @param {string} go @param {(typed: string | null) => void} act */
function codeForm(label, go, act) {
  const input = el("input", {
    ...{ name: "code", autocomplete: "off", autocapitalize: "characters", spellcheck: "false" },
    maxlength: "40",
  });
  const submit = submitting(() => act(readCode(input.value)));
  return el(
    "form",
    { class: "code-form", autocomplete: "off", onsubmit: submit },
    el("label", {}, t(label), input),
    el("button", { class: "second" }, t(go)),
  );
}
