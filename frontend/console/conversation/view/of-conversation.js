// Defines the base class of the elements that show one conversation and how long something in it lasts.
import { given, Ticking } from "../../../staff/elements.js";

/** @typedef {import("../../desk.js").Desk} Desk */

/**
 * @template {Desk} [Own=Desk]
 * @extends {Ticking<Own>}
 */
export class OfConversation extends Ticking {
  static properties = { ...Ticking.properties, conversation: { attribute: false } };

  constructor() {
    super();
    /** @type {import("../model/conversation.js").Conversation} */
    this.conversation = given;
  }
}
