// A conversation's letter as it stands in lists, heads and on the board.
import { html, nothing } from "../vendor/lit.js";
import { toneOf } from "./letter.js";

/** @param {string} letter  "" before the first `next` */
export const letterMark = (letter) =>
  letter ? html`<span class="letter tone-${toneOf(letter)}">${letter}</span>` : nothing;
