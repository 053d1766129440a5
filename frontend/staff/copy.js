// Makes each copy button copy the text of the element whose id is in its `data-copy`.
for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-copy]"))) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(
      document.getElementById(button.dataset.copy ?? "")?.textContent ?? "",
    );
    button.textContent = button.dataset.done ?? "";
  });
}
