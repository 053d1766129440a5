// Makes the console installable as an app. Browsers require a service worker for that; this one stores
// nothing.

const ADDRESS = "/staff/service-worker.js";
/** Returns a Trusted Types policy that allows only this script to be registered. */
const policy = () =>
  /** @type {any} */ (globalThis).trustedTypes?.createPolicy("installing", {
    createScriptURL: () => ADDRESS,
  });

/** Registers the service worker. If the browser supports none or forbids this one, the console still works as a page. */
export async function installable() {
  try {
    await navigator.serviceWorker?.register(policy()?.createScriptURL("") ?? ADDRESS, { scope: "/console/" });
  } catch {
    return false;
  }
  return true;
}
