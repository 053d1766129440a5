// The other end of a staff page's socket: it notes every frame, and answers as the test says.

/** @typedef {import("../../../frontend/shared/doors.d.ts").Frame} Frame */
/** @typedef {Frame | Promise<Frame | null> | null} Reply  null: none */
/** @typedef {(frame: any) => Reply} Answer */

/** @param {string} code @param {object} [more] @returns {Frame} */
export const error = (code, more = {}) => ({ type: "error", code, detail: "", ...more });
/** @param {object} [fields] @returns {Frame} */
export const ok = (fields = {}) => ({ type: "ok", ...fields });

export class StaffServer {
  /** Every frame that the page sent. @type {any[]} */
  sent = [];
  /** In place of what the server would say, by type of the request. @type {Record<string, Answer>} */
  answers = {};
  /** The newest WebSocket. @type {any} */
  line = null;

  /** What the server says unless `answers` says else. @param {any} _frame @returns {Reply} */
  answer(_frame) {
    return ok();
  }

  /** What follows an ok on the socket. @param {any} _frame */
  follow(_frame) {}

  /** @param {string} type */
  sentOf(type) {
    return this.sent.filter((frame) => frame.type === type);
  }

  /** @param {object} frame */
  deliver(frame) {
    this.line?.onmessage?.({ data: JSON.stringify(frame) });
  }

  /** @param {number} code */
  drop(code = 1006) {
    const { line } = this;
    this.line = null;
    line.onclose?.({ code });
  }

  connect() {
    /** @type {any} */
    const line = { close() {}, send: (/** @type {string} */ data) => this.#receive(line, JSON.parse(data)) };
    this.line = line;
    setTimeout(() => line.onopen?.(), 0);
    return line;
  }

  /** @param {unknown} line @param {Frame} frame */
  async #receive(line, frame) {
    this.sent.push(frame);
    await null; // a reply never comes before `send` returns
    const own = this.answers[frame.type];
    const reply = own ? await own(frame) : await this.answer(frame);
    if (!reply || line !== this.line) return;
    this.deliver({ ...reply, ref: frame.ref });
    if (reply.type === "ok") this.follow(frame);
  }
}
