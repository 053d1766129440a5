// Rejects syntax and APIs that callers' oldest browsers lack (Safari 15.4, Chrome 100). Biome checks style.
import compat from "eslint-plugin-compat";
import es from "eslint-plugin-es-x";

const { rules } = es.configs["flat/restrict-to-es2022"];
/** Returns whether a rule is about iterators' methods that arrays have, too: without types, the linter would also report arrays. */
const named = (/** @type {string} */ rule) => rule.startsWith("es-x/no-iterator-prototype-");
const newer = Object.fromEntries(Object.entries(rules).filter(([rule]) => !named(rule)));

export default [
  {
    files: ["caller/**/*.js", "shared/**/*.js", "embed/**/*.js", "vendor/hpke.js"],
    languageOptions: { ecmaVersion: 2022, sourceType: "module" },
    plugins: { compat, "es-x": es },
    // caller.js uses requestIdleCallback only where the browser has it.
    settings: { "es-x": { aggressive: true }, polyfills: ["requestIdleCallback"] },
    rules: {
      ...newer,
      "compat/compat": "error",
      "es-x/no-array-prototype-findlast-findlastindex": "off", // Safari 15.4, Chrome 97
      "es-x/no-hashbang": "off",
      "es-x/no-class-static-block": "error", // Safari 16.4
      "es-x/no-regexp-lookbehind-assertions": "error", // Safari 16.4
    },
  },
  { files: ["*/**/*.js"], ignores: ["vendor/**"], rules: { "max-lines-per-function": ["error", 40] } },
  { ignores: ["build/**", "vendor/lit.js", "vendor/uplot.js", "vendor/words.js", "*.js"] },
];
