// Plays three falling notes for a new alert or call, with a switch that this browser remembers.
import { chime } from "../../../shared/chime.js";

const NAME = "helpline-board-sound";
const NOTES = [
  { hertz: 784, from: 0 },
  { hertz: 659, from: 0.18 },
  { hertz: 523, from: 0.36 },
];
const LOUDNESS = 0.12;

export class Alarm {
  #memory;
  #sound;

  /** @param {Pick<Storage, "getItem" | "setItem">} memory @param {() => void} [sound]  replaced by tests */
  constructor(memory, sound = ring) {
    this.#memory = memory;
    this.#sound = sound;
  }

  get on() {
    return this.#memory.getItem(NAME) !== "off";
  }

  /** Returns whether the browser blocks sound, as browsers do until somebody has clicked or pressed a key. The page then says so. */
  get blocked() {
    return globalThis.navigator?.userActivation?.hasBeenActive === false;
  }

  /** @param {boolean} on */
  set(on) {
    this.#memory.setItem(NAME, on ? "on" : "off");
  }

  /** Plays the sound as an example, even if the alarm is off. */
  test = () => this.#sound();

  sound = () => {
    if (this.on && !this.blocked) this.#sound();
  };
}

/** @type {AudioContext | null} */
let audio = null;

function ring() {
  audio ??= new AudioContext();
  audio.resume();
  chime(audio, NOTES, LOUDNESS);
}
