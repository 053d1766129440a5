// The token stands after `#`, which no server and no log sees; it goes on in the body of a form. Who is signed in here
// is asked first: a link on another site would sign them out in the middle of a conversation.
const token = location.hash.slice(1);
if (token) {
  history.replaceState(null, "", location.pathname);
  const form = /** @type {HTMLFormElement} */ (document.querySelector("#entry-link"));
  const field = /** @type {HTMLInputElement} */ (form.elements.namedItem("link"));
  field.value = token;
  // The page itself may have come without the session's cookie: from another site none is sent along.
  const account = await fetch("/account/", { redirect: "manual", cache: "no-store" });
  const question = /** @type {HTMLElement | null} */ (form.querySelector("[data-signed-in]"));
  if (account.type === "opaqueredirect" || !question) form.submit();
  else form.hidden = question.hidden = false;
}
