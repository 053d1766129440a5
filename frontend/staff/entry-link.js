// Reads the token of a one-time link, and sends it in the body of a form. The token is after the `#` of the
// URL, which browsers do not send, so no log contains it. If somebody is signed in here, the page asks first:
// otherwise a link on another site could sign them out in the middle of a conversation.
const token = location.hash.slice(1);
if (token) {
  history.replaceState(null, "", location.pathname);
  const form = /** @type {HTMLFormElement} */ (document.querySelector("#entry-link"));
  const field = /** @type {HTMLInputElement} */ (form.elements.namedItem("link"));
  field.value = token;
  // This page may have been requested without the session cookie: browsers omit it when the link is on
  // another site.
  const account = await fetch("/account/", { redirect: "manual", cache: "no-store" });
  const question = /** @type {HTMLElement | null} */ (form.querySelector("[data-signed-in]"));
  if (account.type === "opaqueredirect" || !question) form.submit();
  else form.hidden = question.hidden = false;
}
