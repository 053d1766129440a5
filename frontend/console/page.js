// What the staff's and the guest's page have in common: texts, the socket's address, and waking up.
import { load, use } from "../shared/i18n.js";

/** Fetches the texts of the page's language. */
export async function prepare() {
  const language = document.documentElement.lang === "en" ? "en" : "nl";
  const catalogue = await load(new URL(`../i18n/console.${language}.json`, import.meta.url).href);
  use(catalogue, language === "en" ? "en-GB" : language);
}

/** @param {string} path */
export const socketAt = (path) => `${location.origin.replace(/^http/, "ws")}${path}`;

/** @param {import("./desk.js").Station} desk */
export function wakeWithPage(desk) {
  for (const moment of ["online", "pageshow", "focus"]) addEventListener(moment, () => desk.wake());
}
