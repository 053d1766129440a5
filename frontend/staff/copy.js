// Makes each copy button copy the text of its element.
for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-copy]"))) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(
      document.getElementById(button.dataset.copy ?? "")?.textContent ?? "",
    );
    button.textContent = button.dataset.done ?? "";
  });
}
