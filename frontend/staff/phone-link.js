// Renders a telephone number as a link that calls it.
import { html } from "../vendor/lit.js";

/** @param {string} phone  as people write it */
export const phoneLink = (phone) => html`<a href="tel:${phone.replace(/[^+\d]/g, "")}">${phone}</a>`;
