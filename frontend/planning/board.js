// Adds the rota to the board: a tab, and a list of who should be on duty, beside each line's people.
import { html } from "../vendor/lit.js";
import { WhoIsOn } from "./model/who-is-on.js";
import { whoIsOn } from "./view/who-is-on.js";
import "./view/rota-tab.js";

/** @param {import("../board/board.js").Board} board @returns {import("../board/board.js").BoardApp} */
export default function rota(board) {
  const { request, changed, now } = board;
  const found = new WhoIsOn({ request, changed, now });
  return {
    tab: {
      name: "rooster",
      after: "nu",
      icon: "calendar-days",
      render: () => html`<hl-rota .station=${board}></hl-rota>`,
    },
    besidePeople: (line, behind) => whoIsOn(found, line, behind),
    toCall: (line, behind) => found.toCall(line, behind),
    entered(ok) {
      found.enter(ok.lines.map(({ line }) => line));
      // While the connection was lost, somebody else may have planned: to save the old week would undo that.
      board.dispatchEvent(new CustomEvent("rota", { detail: board.chosen }));
    },
    hear(frame) {
      if (frame.type === "beat") found.refresh();
      if (frame.type !== "rota") return;
      // A shift has changed, so the tab that shows the week is refreshed too.
      found.look([frame.line]);
      board.dispatchEvent(new CustomEvent("rota", { detail: frame.line }));
    },
    clear: () => found.clear(),
  };
}
