// A tone and a vibration when it is somebody's turn, or when they are asked something. A phone may lie under a blanket, with
// somebody near who must hear nothing: so only for who was told of it on this page and could say no.
import { chime } from "../../shared/chime.js";
import { el, set, t } from "../../shared/text.js";

const NOTES = [
  { hertz: 523, from: 0 },
  { hertz: 659, from: 0.25 },
];
const VIBRATION = [80, 60, 80]; // milliseconds: on, off, on
const TOLD_MS = 5000; // how long the switch is in sight until its first position counts as wanted

/** Browsers let a page do it only after a tap; one that cannot tell is not asked. @param {number[]} pattern */
function vibrate(pattern) {
  if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(pattern);
}

/** @typedef {import("../coming-back/tab-memory.js").TabMemory} TabMemory */

export class Sound {
  /** @type {Set<() => void>} */
  #watchers = new Set();
  #told = false;
  #memory;
  #context;
  #touch;
  #after;
  #vibrate;

  /** @param {{memory: Pick<TabMemory, "state" | "keepTone">, context: AudioContext | null, touch: boolean, after?: (act: () => void, ms: number) => unknown, vibrate?: (pattern: number[]) => unknown}} of  context: of the tap that began the conversation; null after a reload */
  constructor({
    memory,
    context,
    touch,
    after = (act, ms) => setTimeout(act, ms),
    vibrate: shakes = vibrate,
  }) {
    this.#memory = memory;
    this.#context = context;
    this.#touch = touch;
    this.#after = after;
    this.#vibrate = shakes;
  }

  /** What the switch shows: off at first on a touch screen. */
  get on() {
    return this.#memory.state?.tone ?? !this.#touch;
  }

  /** The switch is in sight. */
  tell() {
    if (this.#told) return;
    this.#told = true;
    this.#after(() => {
      if (this.#memory.state?.tone === undefined) this.#memory.keepTone(this.on);
    }, TOLD_MS);
  }

  /** By a tap, with which it is heard for the first time. @param {boolean} on */
  async turn(on) {
    this.#memory.keepTone(on);
    this.look();
    if (!on) return;
    await this.prepare();
    this.play();
  }

  /** At any tap: browsers let a page sound only then. */
  async prepare() {
    if (!this.on) return;
    if (globalThis.AudioContext) this.#context ??= new AudioContext();
    await this.#context?.resume().catch(() => {});
  }

  play() {
    if (!this.#memory.state?.tone) return; // off, or not told yet
    if (this.#context?.state === "running") chime(this.#context, NOTES, 0.12, { attack: 0.05, lasts: 0.6 });
    this.#vibrate(VIBRATION);
  }

  /** @param {() => void} act  when the switch may have turned */
  watch(act) {
    this.#watchers.add(act);
  }

  /** After a change: what an earlier page kept may have come. */
  look() {
    for (const act of this.#watchers) act();
  }

  /** What the switch is told with, by key. */
  get words() {
    if (!this.on) return this.#touch ? ["off", "try"] : ["off"];
    return this.#touch && "vibrate" in navigator ? ["on", "buzz"] : ["on"];
  }
}

/** What is heard and when, and the switch. @param {Sound} sound */
export function soundSwitch(sound) {
  const input = el("input", {
    type: "checkbox",
    role: "switch",
    autocomplete: "off",
    onchange: () => sound.turn(input.checked),
  });
  const note = el("p", { role: "status" });
  const update = () => {
    input.checked = sound.on;
    set(note, sound.words.map((key) => t(`caller.sound.${key}`)).join(" "));
  };
  sound.watch(update);
  update();
  return el(
    "div",
    { class: "sound" },
    note,
    el("label", { class: "choice" }, input, el("span", {}, t("caller.sound"))),
  );
}
