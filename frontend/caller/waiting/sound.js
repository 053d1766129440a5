// Plays a tone and vibrates when it is the caller's turn, or they are asked something. Somebody may be near who must
// hear nothing, so the caller is told before, and can say no.
import { chime } from "../../shared/chime.js";
import { el, set, t } from "../../shared/text.js";

const NOTES = [
  { hertz: 523, from: 0 },
  { hertz: 659, from: 0.25 },
];
const VIBRATION = [80, 60, 80]; // milliseconds: on, off, on
const TOLD_MS = 5000; // once the switch was visible this long, its first position counts

/** Vibrates. Browsers allow it only after a tap; if a browser cannot tell, it is skipped. @param {number[]} pattern */
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

  /** Returns the switch's position. It is off at first on a touch screen. */
  get on() {
    return this.#memory.state?.tone ?? !this.#touch;
  }

  /** Call it when the switch is visible. */
  tell() {
    if (this.#told) return;
    this.#told = true;
    this.#after(() => {
      if (this.#memory.state?.tone === undefined) this.#memory.keepTone(this.on);
    }, TOLD_MS);
  }

  /** Turns the sound on or off. Turning it on plays it once. @param {boolean} on */
  async turn(on) {
    this.#memory.keepTone(on);
    this.look();
    if (!on) return;
    await this.prepare();
    this.play();
  }

  /** Call it within a tap: browsers allow sound only then. */
  async prepare() {
    if (!this.on) return;
    if (globalThis.AudioContext) this.#context ??= new AudioContext();
    await this.#context?.resume().catch(() => {});
  }

  play() {
    if (!this.#memory.state?.tone) return; // off, or not announced yet
    if (this.#context?.state === "running") chime(this.#context, NOTES, 0.12, { attack: 0.05, lasts: 0.6 });
    this.#vibrate(VIBRATION);
  }

  /** @param {() => void} act  when the switch may have turned */
  watch(act) {
    this.#watchers.add(act);
  }

  /** Call it after a change: an earlier page's setting may be loaded. */
  look() {
    for (const act of this.#watchers) act();
  }

  /** Returns the keys of the switch's texts. */
  get words() {
    if (!this.on) return this.#touch ? ["off", "try"] : ["off"];
    return this.#touch && "vibrate" in navigator ? ["on", "buzz"] : ["on"];
  }
}

/** @param {Sound} sound */
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
