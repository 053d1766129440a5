// Keeps what is seldom needed in one menu, so that the conversation has the space above a phone's keyboard.
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
    // Closes the open parts, so that the button to stop is visible when the menu opens again.
    if (!open) for (const one of this.panel.querySelectorAll("details[open]")) one.removeAttribute("open");
    this.button.setAttribute("aria-expanded", String(open));
  }
}
