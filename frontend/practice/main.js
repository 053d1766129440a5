// Starts the page of a made-up caller, beside the console of whoever practises.
import { prepare, socketAt } from "../staff/page.js";
import { MadeUpCaller } from "./made-up-caller.js";
import { Practice } from "./practice-page.js";

await prepare("console");
const { line = "", of = "", ticket = "" } = document.documentElement.dataset;
const told =
  /** @type {HTMLTemplateElement} */ (document.getElementById("cases")).content.textContent ?? "[]";
const caller = new MadeUpCaller({ url: socketAt("/ws/caller/"), line, ticket });
const page = Object.assign(new Practice(), { caller, of, cases: JSON.parse(told) });
document.getElementById("practice")?.replaceChildren(page);
addEventListener("pagehide", () => caller.stop());
// Nothing is kept here: a reload loses the made-up caller.
addEventListener("beforeunload", (event) => {
  const { conversation } = caller;
  if (conversation && !conversation.ended && !conversation.stopped) event.preventDefault();
});
