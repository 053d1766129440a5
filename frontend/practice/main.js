// Starts the page that plays made-up callers, which the trainee opens beside the console.
import { prepare, socketAt } from "../staff/page.js";
import { MadeUpCaller } from "./made-up-caller.js";
import { Practice } from "./practice-page.js";

await prepare("console");
const { line = "", of = "", ticket = "" } = document.documentElement.dataset;
const told =
  /** @type {HTMLTemplateElement} */ (document.getElementById("callers")).content.textContent ?? "[]";
const callers = JSON.parse(told);
const caller = new MadeUpCaller({ url: socketAt("/ws/caller/"), line, ticket, store: sessionStorage });
const page = Object.assign(new Practice(), { caller, of, callers });
caller.resume(callers);
document.getElementById("practice")?.replaceChildren(page);
addEventListener("pagehide", () => caller.stop());
