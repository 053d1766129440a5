// Takes the token of a one-time link from after the `#`, which no server or log sees, and sends it in the
// body of a form. If somebody is signed in here, the page asks first: otherwise a link on another site could sign
// them out in the middle of a conversation.
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
