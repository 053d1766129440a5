// Starts a staff page: loads its texts and the HPKE library, returns the socket's address, and reconnects when
// the page wakes up.
import { hpke } from "../shared/sealing.js";
import { load, use } from "../shared/text.js";
import { startHead } from "./head.js";
import { languageOfPage } from "./languages.js";

/** Returns the names of the optional apps that add something to this page. */
const apps = () => (document.documentElement.dataset.apps ?? "").split(" ").filter(Boolean);

/** Returns each app's default export for the page. @param {"console" | "board"} name @returns {Promise<any[]>} */
export const appsOf = (name) =>
  Promise.all(apps().map(async (app) => (await import(`../${app}/${name}.js`)).default));

/** @param {"console" | "board"} name  of the catalogue */
export async function prepare(name) {
  const folder = new URL(`../i18n/${languageOfPage()}/`, import.meta.url).href;
  const files = ["staff", name, ...apps().map((app) => `${app}/${name}`)];
  const [found] = await Promise.all([
    Promise.all(files.map((file) => load(`${folder}${file}.json`))),
    hpke(),
  ]);
  use(Object.assign({}, ...found), found[0]?.["staff.dates"] ?? "");
  startHead();
}

/** @param {string} path */
export const socketAt = (path) => `${location.origin.replace(/^http/, "ws")}${path}`;

/** Returns whether the page has been signed out. Without a network it returns false, because it cannot ask the server. @param {string} [path]  of a page that only somebody who is signed in sees */
export async function signedOut(path = location.pathname) {
  try {
    const answer = await fetch(path, { redirect: "manual", cache: "no-store" });
    return answer.type === "opaqueredirect";
  } catch {
    return false;
  }
}

/** @param {import("./station.js").Station} station */
export function wakeWithPage(station) {
  for (const moment of ["online", "pageshow", "focus"]) addEventListener(moment, () => station.wake());
  addEventListener("offline", () => station.lose());
}

/** Returns the name under which a supervisor sees this browser. */
export function browserLabel() {
  const [browser = "", system = ""] = [
    /Firefox|Edg|OPR|Chrome|Safari/,
    /Windows|Android|iPhone|iPad|Mac|Linux/,
  ].map((pattern) => pattern.exec(navigator.userAgent)?.[0]);
  return `${browser} ${system}`.trim();
}
