// Evidence without the picture has only what was filled in, and a guide for the app that was named.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { use } from "../../../frontend/shared/text.js";
import { fakePage } from "../fakes/browser.js";

const CATALOGUE = new URL("../../../helpline/locale/nl/caller.json", import.meta.url);
use(JSON.parse(readFileSync(CATALOGUE, "utf8")), "nl");
fakePage();
Object.assign(document, { querySelector: () => null });
const { guideFor, inLines } = await import("../../../frontend/caller/cases/evidence.js");

test("a line stands for each field that was filled in", () => {
  assert.deepEqual(inLines({ app: " Snapchat ", name: "x_1", link: "", date: " ", amount: "€ 200" }), [
    "App of site: Snapchat",
    "Naam van de ander: x_1",
    "Bedrag, als er geld is gevraagd: € 200",
  ]);
  assert.deepEqual(inLines({}), []);
});

test("the guide is that of the app, in whichever letters, and one for all others", () => {
  assert.match(guideFor("snapchat "), /Een foto van het scherm ziet de ander/);
  assert.equal(guideFor("WhatsApp"), guideFor("whatsapp"));
  assert.equal(guideFor("mijnsite"), guideFor(""));
});
