// Handles passkeys on the staff's pages: passes the server's options to the browser, and puts the browser's
// answer into a form. Without this script the forms with codes still work.

const able = typeof globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON === "function";

/** Carries the message with which the server refused a request. */
class Refused extends Error {}

/** @param {string} selector @param {ParentNode} [within] @returns {HTMLElement[]} */
const all = (selector, within = document) => [...within.querySelectorAll(selector)].filter(isElement);

/** @param {Element} one @returns {one is HTMLElement} */
const isElement = (one) => one instanceof HTMLElement;

/** Sends the form's fields and returns the reply. It reloads the page if the session has ended. @param {HTMLFormElement} form @param {string} [address] */
async function ask(form, address = "") {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) fields.append(name, String(value));
  const answer = await fetch(address, { method: "POST", body: fields, redirect: "manual" });
  if (answer.type === "opaqueredirect") location.reload();
  const told = await answer.json();
  if (!answer.ok) throw new Refused(told.problem);
  return told;
}

/** @param {HTMLFormElement} form @param {string} name @param {Credential | null} credential */
function put(form, name, credential) {
  const field = form.elements.namedItem(name);
  if (!(field instanceof HTMLInputElement && credential instanceof PublicKeyCredential))
    throw new Error(name);
  field.value = JSON.stringify(credential.toJSON());
}

/** Lets one of the person's passkeys sign the challenge. @param {HTMLFormElement} form */
async function sign(form) {
  const options = PublicKeyCredential.parseRequestOptionsFromJSON(await ask(form, form.dataset.ask));
  put(form, "answer", await navigator.credentials.get({ publicKey: options }));
}

/** Lets the browser create a new passkey. @param {HTMLFormElement} form */
async function make(form) {
  const options = PublicKeyCredential.parseCreationOptionsFromJSON(await ask(form, form.dataset.begin));
  put(form, "made", await navigator.credentials.create({ publicKey: options }));
}

/** Runs one action at a time, and shows its error in the form. @param {HTMLFormElement} form @param {() => Promise<void>} act */
async function busy(form, act) {
  const buttons = all("button", form).filter((one) => one instanceof HTMLButtonElement);
  const [problem] = all("[data-problem]", form);
  for (const one of buttons) one.disabled = true;
  if (problem) problem.hidden = true;
  try {
    await act();
    form.submit();
  } catch (error) {
    for (const one of buttons) one.disabled = false;
    for (const name of ["answer", "made", "code"]) {
      const field = form.elements.namedItem(name);
      if (field instanceof HTMLInputElement) field.value = ""; // used up or invalid
    }
    if (!problem) return;
    problem.textContent = error instanceof Refused ? error.message : (problem.dataset.problem ?? "");
    problem.hidden = false;
  }
}

/** @param {HTMLFormElement} form */
function begin(form) {
  const { begin: makes } = form.dataset;
  const [button] = all("[data-passkey]", form);
  button?.addEventListener("click", () =>
    busy(form, async () => {
      await sign(form);
      if (makes) await make(form);
    }),
  );
  if (button) button.hidden = false;
  if (makes)
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      busy(form, () => make(form));
    });
  form.hidden = false;
}

if (able) for (const form of document.forms) if (form.dataset.ask) begin(form);
for (const one of all("[data-unable]")) one.hidden = able;
