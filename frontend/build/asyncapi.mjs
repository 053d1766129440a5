// Reads docs/asyncapi.yaml with the official parser. Errors and warnings fail.
import { readFileSync } from "node:fs";
import { Parser } from "@asyncapi/parser";

const page = readFileSync(new URL("../../docs/asyncapi.yaml", import.meta.url), "utf8");
const { diagnostics } = await new Parser().parse(page);
const wrong = diagnostics.filter(({ severity }) => severity <= 1);
for (const { message, path, range } of wrong) {
  console.error(`docs/asyncapi.yaml:${range.start.line + 1} ${path.join(".")}: ${message}`);
}
process.exitCode = wrong.length ? 1 : 0;
