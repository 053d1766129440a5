// Bundles the libraries that browsers load into one readable file each. The pages are served without a build
// step, so these files are committed; SHA256SUMS and --check (in CI) show that they are what the locked
// packages give, and nothing else.
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const frontend = fileURLToPath(new URL("..", import.meta.url));

const MODULES = [
  {
    file: "hpke.js",
    from: "@hpke/core",
    entry: 'export { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from "@hpke/core";',
  },
  {
    file: "lit.js",
    from: "lit",
    entry: `
      export { html, LitElement, nothing, render, svg } from "lit";
      export { classMap } from "lit/directives/class-map.js";
      export { ifDefined } from "lit/directives/if-defined.js";
      export { live } from "lit/directives/live.js";
      export { createRef, ref } from "lit/directives/ref.js";
      export { repeat } from "lit/directives/repeat.js";`,
  },
  { file: "uplot.js", from: "uplot", entry: 'export { default } from "uplot";' },
  { file: "uplot.css", from: "uplot", entry: '@import "uplot/dist/uPlot.min.css";' },
];

/** Icons are masks, so that each has the colour of the text beside it. The names are those of Lucide. */
const ICONS = {
  file: "icons.css",
  from: "lucide-static",
  names: [
    "activity",
    "book-open",
    "calendar-days",
    "chart-column",
    "chevron-down",
    "circle-user",
    "clock",
    "coffee",
    "headset",
    "heart-handshake",
    "house",
    "layout-dashboard",
    "list-checks",
    "log-out",
    "menu",
    "message-square-text",
    "phone-forwarded",
    "rows-3",
    "settings",
    "shield",
    "tv",
    "user-check",
    "users",
    "volume-2",
  ],
};

/** The word list of BIP-39 comes from no package: it is compared with the checksum of its english.txt. */
const WORDS = {
  file: "words.js",
  sum: "2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda",
};

/** @param {string} path */
const read = (path) => readFile(`${frontend}/${path}`, "utf8");

/** Returns the header with the licence, because each licence requires that its text goes with every copy. @param {string} name @param {"js" | "css"} kind */
async function banner(name, kind) {
  const { version, license } = JSON.parse(await read(`node_modules/${name}/package.json`));
  const text = await read(`node_modules/${name}/LICENSE`);
  const about = `${name} ${version}, ${license}; bundled by frontend/build/vendor.mjs, do not edit`;
  return `${kind === "js" ? `// ${about}` : `/* ${about} */`}\n/*!\n${text.trim()}\n*/`;
}

/** @param {(typeof MODULES)[number]} module */
async function bundle({ file, from, entry }) {
  const kind = file.endsWith(".css") ? "css" : "js";
  const { outputFiles } = await build({
    stdin: { contents: entry, resolveDir: frontend, loader: kind },
    bundle: true,
    // The bundle contains the modules' paths. They must be the same if node_modules is a link.
    preserveSymlinks: true,
    write: false,
    format: "esm",
    platform: "browser",
    conditions: ["production"],
    target: "es2022",
    charset: "utf8",
    legalComments: "inline",
    // @hpke/core falls back to this where globalThis.crypto is missing, as in Node 18; no browser needs it.
    external: ["crypto"],
    banner: { [kind]: await banner(from, kind) },
  });
  return outputFiles[0].text.replace(/[ \t]+$/gm, "");
}

/** @param {string} text */
const sumOf = (text) => createHash("sha256").update(text).digest("hex");

async function wordList() {
  const { default: words } = await import("../vendor/words.js");
  if (sumOf(`${words.join("\n")}\n`) !== WORDS.sum)
    throw new Error(`frontend/vendor/${WORDS.file} is not the list of BIP-39`);
  return read(`vendor/${WORDS.file}`);
}

/** @param {string} name */
async function icon(name) {
  const svg = await read(`node_modules/${ICONS.from}/icons/${name}.svg`);
  const small = svg
    .replace(/<!--.*?-->|\s+class="[^"]*"/gs, "")
    .replace(/\s+/g, " ")
    .replace(/> </g, "><")
    .trim();
  return `.icon-${name} { --icon: url("data:image/svg+xml,${encodeURIComponent(small)}"); }`;
}

const icons = async () =>
  [await banner(ICONS.from, "css"), ...(await Promise.all(ICONS.names.map(icon))), ""].join("\n");

/** Returns the files of frontend/vendor by name. */
async function make() {
  /** @type {Map<string, string>} */
  const files = new Map();
  for (const module of MODULES) files.set(module.file, await bundle(module));
  files.set(WORDS.file, await wordList());
  files.set(ICONS.file, await icons());
  const sums = [...files].map(([name, text]) => `${sumOf(text)}  ${name}\n`);
  return files.set("SHA256SUMS", sums.join(""));
}

for (const [name, text] of await make()) {
  const path = `vendor/${name}`;
  if (!process.argv.includes("--check")) await writeFile(`${frontend}/${path}`, text);
  else if ((await read(path).catch(() => "")) !== text) {
    console.error(`frontend/${path} is not what the locked packages give: run "npm run vendor".`);
    process.exitCode = 1;
  }
}
