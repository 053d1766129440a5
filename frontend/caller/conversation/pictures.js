// Explains to a caller who pastes or drops a picture why pictures are never sent.
import { el, t } from "../../shared/text.js";

/** Shows sites that help to have intimate pictures removed. */
export function picturesHelp() {
  const sites = /** @type {HTMLTemplateElement | null} */ (document.querySelector("template#pictures"));
  return el(
    "details",
    { class: "pictures" },
    el("summary", {}, t("caller.pictures.title")),
    el("p", {}, t("caller.pictures.why")),
    el("ul", {}, sites?.content.cloneNode(true) ?? null),
  );
}

/** @param {HTMLElement} text @param {() => void} help  what is shown instead */
export function refusePictures(text, help) {
  const refuse = (/** @type {Event} */ event, /** @type {DataTransfer | null} */ data) => {
    if (!data?.types.includes("Files")) return;
    event.preventDefault();
    help();
  };
  text.addEventListener("paste", (event) => refuse(event, event.clipboardData));
  for (const kind of /** @type {const} */ (["dragover", "drop"]))
    text.addEventListener(kind, (event) => refuse(event, event.dataTransfer));
}
