// A button that copies what stands on the page.
for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-copy]"))) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(
      document.getElementById(button.dataset.copy ?? "")?.textContent ?? "",
    );
    button.textContent = button.dataset.done ?? "";
  });
}
