// Writes a takedown request by article 16 of the Digital Services Act (EU 2022/2065): the location, why it is
// illegal, and good faith. For images of children no name is needed (16(2)c). It is not sent from here.
import { PLATFORMS } from "../../shared/platforms.js";
import { el, set, t } from "../../shared/text.js";

const WHAT = /** @type {const} */ (["child", "adult", "fake", "threat", "account"]);
/** @typedef {typeof WHAT[number]} What */

/** @param {{platform: string, where: string, what: What}} of */
export function letter({ platform, where, what }) {
  const say = (/** @type {string} */ key, /** @type {Record<string, string>} */ facts = {}) =>
    t(`caller.notice.letter.${key}`, facts);
  return [
    say("title"),
    "",
    say("to", { platform }),
    say("where", { where }),
    "",
    say(`why.${what}`),
    say("faith"),
    say(what === "child" ? "nameless" : "answer"),
  ].join("\n");
}

/** Returns the address of the platform's form, in whatever case its name was typed; "" if unknown. @param {string} platform */
export function formOf(platform) {
  const found = PLATFORMS.find(({ name }) => name.toLowerCase() === platform.toLowerCase());
  return found?.form ?? "";
}

/** @param {What} one */
function choiceOf(one) {
  const radio = el("input", { type: "radio", name: "notice", value: one, form: "", autocomplete: "off" });
  const label = el("label", { class: "choice" }, radio, el("span", {}, t(`caller.notice.what.${one}`)));
  return { radio, label };
}

/** @param {HTMLTextAreaElement} text @param {HTMLElement} told */
function copying(text, told) {
  const onclick = async () => {
    text.select();
    const copied = await navigator.clipboard?.writeText(text.value).then(
      () => true,
      () => false,
    );
    set(told, t(`caller.notice.${copied ? "copied" : "selected"}`));
  };
  return el("button", { type: "button", class: "second", onclick }, t("caller.notice.copy"));
}

/** @param {HTMLElement} place  empty until somebody opens it */
export function furnishNotice(place) {
  const names = PLATFORMS.map(({ name }) => el("option", { value: name }));
  const platforms = el("datalist", { id: "platforms" }, ...names);
  const platform = el("input", { list: "platforms", form: "", autocomplete: "off" });
  const where = el("textarea", { rows: "2", form: "", autocomplete: "off" });
  const choices = WHAT.map(choiceOf);
  const wrong = el("p", { class: "bad-text", role: "alert", hidden: true }, t("caller.notice.missing"));
  const text = el("textarea", {
    ...{ rows: "12", readonly: true, form: "", autocomplete: "off", class: "letter" },
    "aria-label": t("caller.notice.letter.title"),
  });
  const told = el("p", { role: "status", class: "small" });
  const form = el("a", { class: "button second", target: "_blank", rel: "noreferrer noopener" });
  const history = el("p", { class: "small" }, t("caller.numbers.history"));
  const there = el("div", { hidden: true }, form, history);
  const made = el("div", { hidden: true }, text, copying(text, told), told, there);
  const make = el("button", { type: "button", class: "second" }, t("caller.notice.make"));
  make.onclick = () => {
    const what = /** @type {What | undefined} */ (choices.find(({ radio }) => radio.checked)?.radio.value);
    const complete = what && platform.value.trim() && where.value.trim();
    wrong.hidden = Boolean(complete);
    made.hidden = !complete;
    if (!complete) return;
    const to = platform.value.trim();
    text.value = letter({ platform: to, where: where.value.trim(), what });
    form.href = formOf(to);
    there.hidden = !formOf(to);
    set(form, t("caller.notice.form", { platform: to }));
    set(told, t(`caller.notice.name.${what === "child" ? "child" : "other"}`));
    text.focus();
  };
  place.replaceChildren(
    el("p", { class: "small" }, t("caller.notice.lead")),
    el("label", { class: "field" }, t("caller.notice.platform"), platform, platforms),
    el("label", { class: "field" }, t("caller.notice.where"), where),
    el("fieldset", {}, el("legend", {}, t("caller.notice.what")), ...choices.map(({ label }) => label)),
    ...[wrong, make, made],
  );
}
