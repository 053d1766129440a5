// Shows above everything the state of the connection and of this browser's key, requests of other people, and errors.
import { CLOSED } from "../../../shared/socket.js";
import { dayAndClock, t } from "../../../shared/text.js";
import { html, nothing } from "../../../vendor/lit.js";
import { enough, handoverAsked } from "../../care/view/own-care.js";
import { restAsked } from "../../supervision/view/break-and-listen-in.js";
import { problemInWords, stopInWords } from "../../words.js";

/** @typedef {import("../../desk.js").Desk} Desk */

/** These states last only a moment, or need no message. */
const QUIET = ["approved", "unknown", "proving"];
const NEAR_MS = 30 * 86_400_000;
const WITHDRAWN = String(CLOSED.withdrawn);

/** @param {Desk} desk */
export const banners = (desk) => html`
  <div class="banners">
    <div role="status">${connection(desk)} ${device(desk)} ${"outdated" in desk && desk.outdated ? newer(desk) : nothing} ${"asked" in desk ? asks(/** @type {import("../../console.js").Console} */ (desk)) : nothing}</div>
    <div role="alert">${desk.problems.map((code) => problem(desk, code))}</div>
  </div>
`;

/** @param {Desk} desk */
function connection(desk) {
  const { connection: state, stopped, restarting, wantsConnection, entering } = desk;
  if (stopped)
    return html`<p class="banner bad">${stopInWords(stopped)} ${stopped === WITHDRAWN ? signIn() : again()}</p>`;
  if (restarting) return html`<p class="banner calm">${t("console.restarting")}</p>`;
  if (state === "open" || state === "stopped") return nothing; // "stopped": it was closed on purpose
  if (!wantsConnection) return nothing;
  if (entering && state === "connecting") return html`<p class="banner calm">${t("console.connecting")}</p>`;
  return html`<p class="banner warn">${t("console.no_connection")} ${againOf(desk)}</p>`;
}

/** @param {import("../../console.js").Console} desk */
const asks = (desk) =>
  html`${desk.otherTabs?.areThere ? html`<p class="banner calm">${t("console.other_tab")}</p>` : nothing} ${certified(desk)} ${desk.apps.map((app) => app.banner?.() ?? nothing)} ${restAsked(desk)} ${handoverAsked(desk)} ${enough(desk)}`;

/** Warns that this browser's certificate is missing or ends soon: without a new signature it can take no callers. @param {import("../../console.js").Console} desk */
function certified({ ownCertificates, now }) {
  const words = ownCertificates.flatMap(({ name, until }) => {
    if (!until) return t("console.own.uncertified", { name });
    const left = Date.parse(until) - now();
    if (left > NEAR_MS) return [];
    return t(left > 0 ? "console.own.ends" : "console.own.ended", { name, when: dayAndClock(until) });
  });
  return words.length ? html`<p class="banner warn">${words.join(" ")} ${t("console.own.ask")}</p>` : nothing;
}

/** Says that there is a newer page after a deploy. It can be loaded later, in a quiet moment. @param {Desk} desk */
const newer = (desk) => html`<p class="banner calm">${t("console.newer_page")} ${againOf(desk)}</p>`;

const signIn = () => html`<a href="/login/">${t("console.sign_in_again")}</a>`;

/** Offers to load the page again, unless something unsent would be lost. @param {Desk} desk */
const againOf = (desk) => (desk.hasUnsent ? t("console.keep_open") : again());

const again = () => html`<a href=${location.pathname}>${t("console.load_again")}</a>`;

/** @param {Desk} desk */
function device({ device: own, me }) {
  if (!me || !own || QUIET.includes(own.state)) return nothing;
  const { state, why, words, approvers } = own;
  const unproven = state === "refused" && why === "unproven";
  const may = state === "missing" || state === "refused";
  return html`<p class="banner ${state === "broken" || state === "refused" ? "bad" : "warn"}">
    ${t(`console.device.${unproven ? why : state}`)} ${unproven ? again() : nothing}
    ${state === "pending" && approvers.length ? t("console.device.approvers", { names: approvers.join(", ") }) : nothing}
    ${state === "pending" && words ? html`<b class="words" lang="en">${words}</b>` : nothing}
    ${may ? html`<button type="button" class="main" @click=${() => own.make()}>${t("console.make_key")}</button>` : nothing}
  </p>`;
}

/** @param {Desk} desk @param {string} code */
const problem = (desk, code) => html`<p class="banner bad">
  ${problemInWords(code)}
  <button type="button" class="quiet" @click=${() => desk.dismissProblem(code)}>${t("console.understood")}</button>
</p>`;
