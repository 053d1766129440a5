// A telephone number that can be called by pressing it.
import { html } from "../vendor/lit.js";

/** @param {string} phone  as people write it */
export const phoneLink = (phone) => html`<a href="tel:${phone.replace(/[^+\d]/g, "")}">${phone}</a>`;
