// Adds the tab of published figures to the board.
import { html } from "../vendor/lit.js";
import "./view/figures-tab.js";

/** @param {import("../board/board.js").Board} board @returns {import("../board/board.js").BoardApp} */
export default function figures(board) {
  const render = () => html`<hl-figures .station=${board}></hl-figures>`;
  return { tab: { name: "cijfers", after: "woorden", icon: "chart-column", render } };
}
