// Shows what people said, and names them.
import { el, t } from "../../shared/text.js";

/** @typedef {import("./conversation.js").Conversation} Conversation */
/** @typedef {import("./conversation.js").Entry} Entry */
/** @typedef {import("./conversation.js").Person} Person */

/** Returns a person's name and role. A partner's service is named as on the card of the invitation. @param {Pick<Person, "alias" | "role" | "service" | "invitation">} person @param {Conversation} conversation */
export function named({ alias, role, service, invitation }, { rows }) {
  const card = rows.find((row) => row.kind === "invited" && row.invitation === invitation);
  const what = (role === "partner" && (card?.to.name ?? service)) || t(`caller.role.${role}`);
  const who = alias === what ? what : t("caller.named", { alias: alias || t("caller.somebody"), role: what });
  const guest = rows.some((row) => row.kind === "invited" && row.invitation === invitation && row.to.guest);
  return role === "partner" && guest ? t("caller.by_link", { who }) : who;
}

/** Returns the parts of a bubble. @param {Entry} row @param {Conversation} conversation */
export function body({ seq, id, words: said }, { rows }) {
  if (!said || said.text === null)
    return [el("p", { class: "placeholder" }, t(`caller.${said?.kind ?? "unverified"}`))];
  if (said.kind !== "brief") return words(said.kind, said.text);
  // A repeated brief, for a later newcomer, starts folded.
  const again = rows.some(
    (row) => row.seq < seq && row.words?.kind === "brief" && row.words.text === said.text,
  );
  const title = el("summary", {}, t(again ? "caller.brief.again" : "caller.brief.next"));
  const text = el("p", { class: "words" }, said.text);
  return [el("details", { class: "brief", open: !again, "data-brief": id }, title, text)];
}

/** Returns the parts of a text of this kind. @param {string} kind @param {string} text */
export function words(kind, text) {
  if (kind === "case") return [el("p", { class: "words" }, t("caller.case.sending"))];
  if (kind !== "intake") return [el("p", { class: "words" }, text)];
  const told = readIntake(text);
  const lines = [
    told.for && t("caller.told.for", { what: t(`caller.intake.for.${told.for}`) }),
    told.before && t("caller.told.before", { what: t(`caller.intake.before.${told.before}`) }),
    told.age && t("caller.told.age", { what: told.age }),
    told.topic && t("caller.told.topic", { what: told.topic }),
    told.nickname && t("caller.told.nickname", { what: told.nickname }),
  ];
  return lines.filter(Boolean).map((line) => el("p", { class: "words" }, String(line)));
}

/** @param {string} text @returns {Record<string, string>} */
function readIntake(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
