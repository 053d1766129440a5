// Handles dragging. Where a drop is not allowed, the event is not handled, so that the browser shows its own sign for a
// forbidden drop.

/** @typedef {import("../model/rota-week.js").RotaWeek} RotaWeek */
/** @typedef {import("../model/rota-week.js").Dragged} Dragged */

const KIND = "text/plain";

/** Returns the times entered in a form. @param {HTMLFormElement} form */
export function timesIn(form) {
  const fields = new FormData(form);
  const of = (/** @type {string} */ name) => String(fields.get(name) ?? "");
  return { opens: of("opens"), closes: of("closes"), wanted: Number(of("wanted")) };
}

/** @param {RotaWeek} week @param {Dragged} dragged */
export const dragging = (week, dragged) => (/** @type {DragEvent} */ event) => {
  event.stopPropagation();
  // Some browsers do not drag an element without data.
  event.dataTransfer?.setData(KIND, "");
  week.drag(dragged);
};

/** @param {RotaWeek} week */
export const dragged = (week) => () => week.drag(null);

/** While Ctrl or Alt is held, the person is put on the second shift and also stays on the first. @param {DragEvent} event */
export const copies = (event) => event.ctrlKey || event.altKey;

/** @param {() => boolean} lands */
export const over = (lands) => (/** @type {DragEvent} */ event) => {
  if (!lands()) return;
  event.preventDefault();
  place(event).toggleAttribute("data-over", true);
};

/** @param {DragEvent} event */
export const left = (event) => {
  const into = /** @type {Node | null} */ (event.relatedTarget);
  if (!place(event).contains(into)) place(event).removeAttribute("data-over");
};

/** @param {RotaWeek} week @param {() => boolean} lands @param {(dragged: Dragged, event: DragEvent) => unknown} act */
export const dropped = (week, lands, act) => (/** @type {DragEvent} */ event) => {
  const { dragged } = week;
  place(event).removeAttribute("data-over");
  if (!dragged || !lands()) return;
  event.preventDefault();
  event.stopPropagation();
  week.drag(null);
  act(dragged, event);
};

/** @param {DragEvent} event */
const place = (event) => /** @type {HTMLElement} */ (event.currentTarget);
