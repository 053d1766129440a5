// Gives the page's texts by key, and makes the elements that hold them, never as markup. It is one module,
// because the caller's first load has at most twelve requests.

/** @type {Record<string, string>} */
let texts = {};
let language = "";

/** @param {Record<string, string>} catalogue @param {string} inLanguage */
export function use(catalogue, inLanguage) {
  texts = catalogue;
  language = inLanguage;
}

/** Returns the catalogue that the server wrote into the page, which saves a request. */
export const fromPage = () => {
  const holder = /** @type {HTMLTemplateElement} */ (document.getElementById("texts"));
  return /** @type {Record<string, string>} */ (JSON.parse(holder.content.textContent ?? "{}"));
};

/** @param {string} url */
export const load = async (url) =>
  /** @type {Record<string, string>} */ (await (await fetch(url, { credentials: "omit" })).json());

/** Returns a key's text, or the key itself if it has none. @param {string} key @param {Record<string, string | number>} [values] for {name} */
export function t(key, values = {}) {
  const text = texts[key] || key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/** Returns the plural form's text: `.one`, `.other`. @param {string} key @param {number} count @param {Record<string, string | number>} [values] */
export const tn = (key, count, values = {}) =>
  t(`${key}.${new Intl.PluralRules(language).select(count)}`, { count, ...values });

/** Returns whether an input method composes, so that Enter chooses a word. Safari tells it by the code alone, as its composition ends before the key. @param {KeyboardEvent} event */
export const composes = ({ isComposing, keyCode }) => isComposing || keyCode === 229;

/** Returns a length of time, such as "3 days and 13 hours"; below two days in hours. @param {string} key  with `.days`, `.hours`, `.minutes` and `.and` @param {number} hours  more than 0 */
export function duration(key, hours) {
  const minutes = Math.max(1, Math.round(hours * 60));
  const days = hours < 48 ? 0 : Math.floor(minutes / 1440);
  const rest = minutes - days * 1440;
  return Object.entries({ days, hours: Math.floor(rest / 60), minutes: rest % 60 })
    .filter(([, count]) => count > 0)
    .map(([unit, count]) => tn(`${key}.${unit}`, count))
    .reduce((a, b) => t(`${key}.and`, { a, b }));
}

const TIME = /** @type {const} */ ({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const DATE = /** @type {const} */ ({ weekday: "long", day: "numeric", month: "long" });

/**
 * Returns a function that formats times. It keeps its DateTimeFormat: making one costs more than a hundred
 * uses, and lists redraw their times each second.
 * @param {Intl.DateTimeFormatOptions} options
 */
function dates(options) {
  let made = { in: "", format: (/** @type {Date} */ when) => String(when) };
  return (/** @type {string | number} */ when) => {
    if (made.in !== language)
      made = { in: language, format: new Intl.DateTimeFormat(language, options).format };
    return made.format(new Date(when));
  };
}

export const clock = dates(TIME);
export const day = dates(DATE);
export const month = dates({ month: "long", year: "numeric" });
export const dayAndClock = dates({ ...DATE, ...TIME });

const midnight = (/** @type {number} */ when) => new Date(when).setHours(0, 0, 0, 0);
const daysAhead = (/** @type {string} */ iso) =>
  Math.round((midnight(Date.parse(iso)) - midnight(Date.now())) / 86_400_000);

/** Returns the text for a time: `<key>.today` or `<key>.tomorrow` with {time}, else `<key>` with {when}. @param {string} key @param {string} iso */
export function coming(key, iso) {
  const near = ["today", "tomorrow"][daysAhead(iso)];
  return near ? t(`${key}.${near}`, { time: clock(iso) }) : t(key, { when: dayAndClock(iso) });
}

/**
 * Makes an element. Nothing in it is ever parsed as markup.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag @param {Record<string, string | boolean | EventListener>} [attributes]  onclick and the like are listeners
 * @param {(Node | string | null | false)[]} children @returns {HTMLElementTagNameMap[Tag]}
 */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes))
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value !== false) element.setAttribute(name, value === true ? "" : value);
  element.append(...children.filter((child) => child !== null && child !== false));
  return element;
}

/** @param {string} name @param {string} value @param {string} label @param {boolean} [checked] */
export const choice = (name, value, label, checked = false) =>
  el(
    "label",
    { class: "choice" },
    el("input", { type: "radio", name, value, checked }),
    el("span", {}, label),
  );

/** Returns whether the page is operated by touch. */
export const touches = () => matchMedia("(pointer: coarse)").matches;

/** Returns a listener that calls `act`; the browser never sends the form. @param {() => unknown} act @returns {EventListener} */
export const submitting = (act) => (event) => {
  event.preventDefault();
  if (event.target === event.currentTarget) act(); // a form inside this one sends its event here, too
};

/** Sets the text only if it differs, because a live region announces each change. @param {HTMLElement} element @param {string} text */
export function set(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

// Reads the roots (keys that sign scopes) from the page. Without the meta element, no key is checked.

/** @param {{querySelector: (name: string) => any}} [page] @returns {import("./sealing.js").Trust | null}  no roots if the content is invalid */
export function trustOfPage(page = document) {
  const [roots, serial] = ["roots", "serial"].map(
    (name) => page.querySelector(`meta[name="helpline-${name}"]`)?.content,
  );
  if (roots === undefined) return null;
  const whole = /^[\w-]{87}( [\w-]{87})*$/.test(roots) && /^\d{1,10}$/.test(serial);
  return { roots: whole ? roots.split(" ") : [], serial: Number(serial) };
}
