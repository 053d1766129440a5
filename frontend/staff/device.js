// Makes this browser a device of who is signed in: a key that stays here, its point sent for approval.

import { deleteKey, loadKey, makeDeviceKey, pointOf, storeKey } from "../shared/sealing.js";
import { Dropped, ErrorReply, Socket } from "../shared/socket.js";

/** @typedef {{id: string, state: string}} Device */

const place = /** @type {HTMLElement} */ (document.getElementById("device"));
const renewal = /** @type {HTMLButtonElement} */ (place.querySelector("[data-renew]"));
let person = ""; // whose key it is: two people may share a browser. The console names it alike
let device = "";

/** @param {string} state  one of the sentences on the page */
function show(state) {
  for (const sentence of place.querySelectorAll("[data-state]")) {
    sentence.toggleAttribute("hidden", sentence.getAttribute("data-state") !== state);
  }
  renewal.hidden = state !== "revoked";
}

async function keyPair() {
  const kept = await loadKey(person);
  if (kept) return kept;
  const fresh = await makeDeviceKey();
  await storeKey(person, fresh);
  return fresh;
}

/** A known key is answered with the same device, so this may be done at every visit. */
async function enrol() {
  try {
    const key = await pointOf(await keyPair());
    const ok = await socket.request("enrol", { key, label: label() });
    const enrolled = /** @type {Device} */ (ok.device);
    device = enrolled.id;
    show(enrolled.state);
  } catch (error) {
    if (error instanceof Dropped) return; // the next connection enrols
    show(error instanceof ErrorReply && error.code === "conflict" ? "revoked" : "failed");
  }
}

function label() {
  const found = /(Firefox|Edg|OPR|Chrome|Safari)\//.exec(navigator.userAgent);
  return `${found?.[1] ?? "Browser"} ${navigator.platform}`.trim().slice(0, 80);
}

const socket = new Socket(`${location.origin.replace(/^http/, "ws")}/ws/console/`, {
  opening: () => ({ type: "hello", device: null }),
  opened: (ok) => {
    person = /** @type {{id: string}} */ (ok.me).id;
    enrol();
  },
  frame: (frame) => {
    if (frame.type === "device" && frame.id === device) show(String(frame.state));
  },
  state: (state) => {
    if (state === "connecting" || state === "waiting") show("connecting");
  },
  stopped: () => show("stopped"),
});

renewal.addEventListener("click", async () => {
  await deleteKey(person);
  await enrol();
});
for (const moment of ["online", "pageshow"]) addEventListener(moment, () => socket.wake());
socket.start();
