// Makes a telephone number that can be called with a click.
import { html } from "../vendor/lit.js";

/** @param {string} phone  as people write it */
export const phoneLink = (phone) => html`<a href="tel:${phone.replace(/[^+\d]/g, "")}">${phone}</a>`;
