// Text on the page: by key, from the catalogue of its language, and the elements that hold it, never as markup.
// One module: the caller's first load is twelve requests at most.

/** @type {Record<string, string>} */
let texts = {};
let language = "";

/** @param {Record<string, string>} catalogue @param {string} inLanguage */
export function use(catalogue, inLanguage) {
  texts = catalogue;
  language = inLanguage;
}

/** The catalogue that the server wrote into the page: one request and one wait less. */
export const fromPage = () => {
  const holder = /** @type {HTMLTemplateElement} */ (document.getElementById("texts"));
  return /** @type {Record<string, string>} */ (JSON.parse(holder.content.textContent ?? "{}"));
};

/** @param {string} url */
export const load = async (url) =>
  /** @type {Record<string, string>} */ (await (await fetch(url, { credentials: "omit" })).json());

/** A missing key shows itself. @param {string} key @param {Record<string, string | number>} [values] for {name} */
export function t(key, values = {}) {
  const text = texts[key] || key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/** The key with the language's plural: `.one`, `.other`. @param {string} key @param {number} count @param {Record<string, string | number>} [values] */
export const tn = (key, count, values = {}) =>
  t(`${key}.${new Intl.PluralRules(language).select(count)}`, { count, ...values });

/** "3 days and 13 hours"; below two days in hours, as people say it. @param {string} key  with `.days`, `.hours`, `.minutes` and `.and` @param {number} hours  more than 0 */
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
 * What writes a moment in the page's language. It is kept: making one costs more than a hundred uses, and lists draw
 * their times anew each second.
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

/** Today and tomorrow by name: `<key>.today` or `<key>.tomorrow` with {time}, else `<key>` with {when}. @param {string} key @param {string} iso */
export function coming(key, iso) {
  const near = ["today", "tomorrow"][daysAhead(iso)];
  return near ? t(`${key}.${near}`, { time: clock(iso) }) : t(key, { when: dayAndClock(iso) });
}

/**
 * An element of attributes and text; nothing in it is ever markup.
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

/** One of several. @param {string} name @param {string} value @param {string} label @param {boolean} [checked] */
export const choice = (name, value, label, checked = false) =>
  el(
    "label",
    { class: "choice" },
    el("input", { type: "radio", name, value, checked }),
    el("span", {}, label),
  );

/** Whether fingers work it: a phone, or what is like one. */
export const touches = () => matchMedia("(pointer: coarse)").matches;

/** A form that is handled here, and never sent by the browser. @param {() => unknown} act @returns {EventListener} */
export const submitting = (act) => (event) => {
  event.preventDefault();
  if (event.target === event.currentTarget) act(); // and not of a form that stands inside
};

/** Only changes reach a live region's listener. @param {HTMLElement} element @param {string} text */
export function set(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

// What the page names: roots under which people certify keys. Without that line nobody does, and nothing is checked.

/** @param {{querySelector: (name: string) => any}} [page] @returns {import("./sealing.js").Trust | null}  nonsense trusts nobody */
export function trustOfPage(page = document) {
  const [roots, serial] = ["roots", "serial"].map(
    (name) => page.querySelector(`meta[name="helpline-${name}"]`)?.content,
  );
  if (roots === undefined) return null;
  const whole = /^[\w-]{87}( [\w-]{87})*$/.test(roots) && /^\d{1,10}$/.test(serial);
  return { roots: whole ? roots.split(" ") : [], serial: Number(serial) };
}
