// A code on paper leads back into the same conversation, once: made in the conversation, typed in on the first screen.
import { freshCode, readCode } from "../shared/sealing.js";
import { ErrorReply } from "../shared/socket.js";
import { el, set, submitting, t } from "../shared/text.js";
import { button, heading, show } from "./screens.js";

const GROUP = 5; // letters, so that an eye finds its place

/** @param {string} code */
const grouped = (code) => code.match(new RegExp(`.{${GROUP}}`, "g"))?.join(" ") ?? code;

/** Nothing is kept before the code was typed back: then it stands on paper. @param {Pick<import("./conversation.js").Conversation, "keepCode" | "coded">} conversation */
export function codeBox(conversation) {
  const told = el("p", { role: "status", tabindex: "-1" });
  const steps = el("div");
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
  const offer = () => steps.replaceChildren(button("caller.code.make", () => write(freshCode()), "second"));
  const forget = async () => {
    if (await attempt(() => conversation.keepCode(null), "forgotten")) offer();
    told.focus();
  };
  const hold = () => steps.replaceChildren(button("caller.code.forget", forget, "quiet"));

  const write = (/** @type {string} */ code) => {
    say("");
    const form = codeForm("caller.code.again", "caller.code.check", async (typed) => {
      if (typed !== code) return say("differs");
      if (await attempt(() => conversation.keepCode(code), "kept")) hold();
      told.focus();
    });
    steps.replaceChildren(
      el("p", {}, t("caller.code.paper")),
      el("p", { class: "code", tabindex: "-1", translate: "no" }, grouped(code)),
      ...[form, button("caller.code.not", stop, "quiet")],
    );
    /** @type {HTMLElement} */ (steps.querySelector(".code")).focus();
  };
  const stop = () => {
    say("");
    offer();
    steps.querySelector("button")?.focus();
  };
  offer();
  const summary = el("summary", {}, t("caller.code.offer"));
  // Of an earlier page of this tab: it can be thrown away, and is not renewed.
  const look = () => {
    if (!conversation.coded.kept || conversation.coded.renewed) return;
    say("older");
    hold();
  };
  return el(
    "details",
    { class: "later", ontoggle: look },
    summary,
    el("p", {}, t("caller.code.what")),
    told,
    steps,
  );
}

/** Whoever types it is asked first who else can see the screen. @param {string} problem  a key, where a code did not work @param {{open: (code: string) => void, back: () => void}} on */
export function showCodeScreen(problem, { open, back }) {
  const wrong = el("p", { role: "alert", class: "bad-text" }, problem && t(problem));
  const form = codeForm("caller.code.label", "caller.code.go", (typed) => {
    if (typed) open(typed);
    else set(wrong, t("caller.code.wrong"));
  });
  show(
    heading(t("caller.code.title")),
    el("p", { class: "lead" }, t("caller.code.alone")),
    ...[wrong, form, button("caller.code.back", back, "quiet")],
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
