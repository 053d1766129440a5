// What a conversation needs only now and then stands behind one button beside the names: above the keyboard of a small phone
// the room belongs to what is said.
import { el, t } from "../../shared/text.js";

export class Menu {
  constructor() {
    this.panel = el("div", { id: "menu", class: "menu", hidden: true });
    this.button = el(
      "button",
      {
        ...{ type: "button", class: "quiet more", "aria-controls": "menu", "aria-expanded": "false" },
        onclick: () => this.show(this.panel.hidden !== false),
      },
      t("caller.more"),
    );
  }

  /** @param {boolean} open */
  show(open) {
    this.panel.hidden = !open;
    // What was unfolded hides the rest: whoever opens the menu again finds the way to stop.
    if (!open) for (const one of this.panel.querySelectorAll("details[open]")) one.removeAttribute("open");
    this.button.setAttribute("aria-expanded", String(open));
  }
}
