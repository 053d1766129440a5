// Makes the page of Floor, who supervises Helpwanted, with a server whose clock the test moves.
import { Board } from "../../../frontend/board/board.js";
import { FakeStorage } from "./browser.js";
import { player } from "./conversation.js";
import { ok, StaffServer } from "./staff-server.js";

export const NOON = Date.parse("2026-11-25T12:00:00Z");

export class BoardStage extends StaffServer {
  now = NOON;
  /** @type {(() => void)[]} */
  timers = [];
  /** What `hello` says is open. @type {object[]} */
  invitations = [];

  /** @param {import("./conversation.js").Player} own */
  constructor(own) {
    super();
    this.own = own;
    this.me = { id: "floor", alias: "Floor", roles: ["supervisor"], lines: ["helpwanted"], service: null };
    this.board = new Board({
      url: "wss://example.org/ws/console/",
      memory: new FakeStorage(),
      label: "Firefox",
      keys: { load: async () => own.pair, keep: async (_, made) => made },
      world: {
        connect: () => this.connect(),
        after: (_, act) => {
          this.timers.push(act);
          return () => {
            this.timers = this.timers.filter((one) => one !== act);
          };
        },
        now: () => this.now,
        random: () => 0,
      },
    });
  }

  static async player() {
    return player("counsellor", "Floor");
  }

  get floor() {
    return this.board.floor;
  }

  /** @param {any} frame @returns {import("./staff-server.js").Reply} */
  answer({ type, line }) {
    if (type === "keys") return ok({ lines: [] });
    if (type === "phones") return ok({ phones: [] });
    if (type === "devices") return ok({ devices: [] });
    if (type === "signing") return ok({ named: false, signer: null, scopes: [], devices: [], keys: [] });
    if (type === "lettersettings")
      return ok({
        letters: "never",
        days: 7,
        hours: 24,
        people: Array(7).fill(""),
        lacking: [],
        waits: false,
      });
    if (type === "beginning") return ok({ steps: [] });
    if (type === "overdue") return ok({ overdue: 0, halted: false });
    if (type === "replacements") return ok({ rows: [] });
    if (type === "approvals") return ok({ approvals: [], approvers: [] });
    if (type === "reviewapprovals") return ok({ holds: [], readings: [] });
    if (type === "contacts") return ok({ services: [] });
    if (type === "trail") return ok({ rows: [] });
    if (type === "debriefs") return ok({ debriefs: [] });
    if (type === "reviews") return ok({ conversations: [], readings: [] });
    if (type === "holds") return ok({ holds: [] });
    if (type === "today")
      return ok({ points: [{ at: `${line}`, waiting: 1, active: 2, on: 3, longest: 4 }] });
    return ok();
  }

  told() {
    return { ...super.told(), lines: [{ line: "helpwanted", name: "Helpwanted", open: true }] };
  }

  lists() {
    return { ...super.lists(), invitations: this.invitations };
  }
}
