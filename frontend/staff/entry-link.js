// The token stands after `#`, which no server and no log sees; it goes on in the body of a form.
const token = location.hash.slice(1);
if (token) {
  history.replaceState(null, "", location.pathname);
  const form = /** @type {HTMLFormElement} */ (document.querySelector("#entry-link"));
  const field = /** @type {HTMLInputElement} */ (form.elements.namedItem("link"));
  field.value = token;
  form.submit();
}
