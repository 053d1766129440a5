// Renders the letter that identifies a conversation in lists, in headers and on the board.
import { html, nothing } from "../vendor/lit.js";
import { toneOf } from "./initial.js";

/** @param {string} initial  "" until a counsellor first takes the caller */
export const initialMark = (initial) =>
  initial ? html`<span class="initial tone-${toneOf(initial)}">${initial}</span>` : nothing;
