// Runs the last step of joining: this browser makes a key, and waits until its eight words have been
// compared.
import { hpke } from "../shared/sealing.js";
import { browserLabel, signedOut, socketAt, wakeWithPage } from "./page.js";
import { Station } from "./station.js";

const AWAY_MS = 4_000;

class Newcomer extends Station {
  /** @param {import("./station.js").Around & import("./station.js").Own} around */
  constructor(around) {
    super(around);
    this.own = this.device = this.makeDevice(around);
  }

  /** @param {import("./station.js").HelloOk} hello */
  async greeted(hello) {
    await this.meet(hello);
  }

  /** @param {import("./station.js").Wire["frame"]} frame */
  receive(frame) {
    if (frame.type === "device") this.own.hear(frame);
  }
}

const place = /** @type {HTMLElement} */ (document.querySelector("#device"));
const station = new Newcomer({
  url: socketAt("/ws/console/"),
  signedOut: () => signedOut("/account/"), // this page is shown to everybody
  memory: localStorage,
  label: browserLabel(),
});
/** @type {ReturnType<typeof setTimeout> | undefined} */
let away;

function show() {
  const { own, connection } = station;
  clearTimeout(away);
  if (station.stopped) become("ended");
  else if (connection === "waiting") away = setTimeout(() => become("away"), AWAY_MS);
  else become(own.state);
}

/** @param {string} state */
function become(state) {
  place.dataset.state = state;
  for (const part of /** @type {NodeListOf<HTMLElement>} */ (place.querySelectorAll("[data-for]")))
    part.hidden = !(part.dataset.for ?? "").split(" ").includes(state);
  const words = place.querySelector("#words");
  if (words) words.textContent = station.own.words;
}

for (const button of place.querySelectorAll("button"))
  button.addEventListener("click", () => station.own.make());
station.addEventListener("change", show);
wakeWithPage(station);
await hpke();
await station.own.prepare();
station.connect();
