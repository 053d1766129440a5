import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import test from "node:test";
import { fileURLToPath } from "node:url";

const frontend = new URL("../../../frontend/", import.meta.url);
const { ESLint } = createRequire(new URL("package.json", frontend))("eslint");
const eslint = new ESLint({ cwd: fileURLToPath(frontend) });

/** Returns the rules that forbid it. @param {string} code @param {string} filePath @returns {Promise<string[]>} */
async function complaints(code, filePath = "caller/caller.js") {
  const [{ messages }] = await eslint.lintText(code, { filePath });
  return messages.map((/** @type {{ruleId: string | null}} */ { ruleId }) => ruleId).filter(Boolean);
}

for (const [what, code] of Object.entries({
  "a method of arrays": "export const a = [3, 1].toSorted();",
  "a block of syntax": "export class C { static { C.a = 1; } }",
  "an expression for text": "export const a = /(?<=a)b/;",
  "an API of the browser": "export const a = () => navigator.userActivation;",
  "a function of the language": "export const a = Promise.withResolvers();",
}))
  test(`${what} that Safari 15.4 or Chrome 100 lacks does not pass`, async () => {
    assert.notDeepEqual(await complaints(code), []);
    assert.deepEqual(await complaints(code, "console/console.js"), [], "the console asks for newer browsers");
  });

test("what both have passes", async () => {
  assert.deepEqual(
    await complaints("export const a = structuredClone([1].at(-1) ?? [2].findLast(Boolean));"),
    [],
  );
});

// What the linter does not know. Functions of `URL`: Safari 17, Chrome 120; the selector: Chrome 105.
const TOO_NEW = /URL\.(?:canParse|parse)\(|AbortSignal\.(?:timeout|any)\(|["'`][^"'`\n]*:has\(/;

test("no file of the caller's page uses what the linter does not know to be too new", () => {
  const folders = ["caller", "shared"].map((name) => new URL(`${name}/`, frontend));
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true })
      .filter((name) => String(name).endsWith(".js"))
      .map((name) => new URL(String(name), folder)),
  );
  assert.ok(files.length > 30);
  assert.deepEqual(files.filter((file) => TOO_NEW.test(readFileSync(file, "utf8"))).map(String), []);
});
