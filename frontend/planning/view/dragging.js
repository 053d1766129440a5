// What a person and a shift are dragged as, and the times of a form.

export const [PERSON, SHIFT] = ["text/x-person", "text/x-shift"];

/** @param {HTMLFormElement} form */
export function timesIn(form) {
  const fields = new FormData(form);
  const of = (/** @type {string} */ name) => String(fields.get(name) ?? "");
  return { opens: of("opens"), closes: of("closes"), wanted: Number(of("wanted")) };
}

/** @param {string} kind @param {string} id */
export const dragging = (kind, id) => (/** @type {DragEvent} */ event) => {
  event.stopPropagation();
  event.dataTransfer?.setData(kind, id);
};

/** @param {string} kind */
export const allow = (kind) => (/** @type {DragEvent} */ event) => {
  if (event.dataTransfer?.types.includes(kind)) event.preventDefault();
};
