// Renders the parts of a page that belong to one line.
import { repeat } from "../vendor/lit.js";

/** Renders elements anew for each line: what was typed for one line must not stand there for the next one. @param {{chosen: string}} board @param {() => unknown} render */
export const perLine = ({ chosen }, render) => repeat([chosen], (line) => line, render);
