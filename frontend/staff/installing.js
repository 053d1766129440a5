// The console can be installed as an app: the browser asks for a service worker, and this one keeps nothing.

const ADDRESS = "/staff/service-worker.js";
/** The one script that may be registered here. */
const policy = () =>
  /** @type {any} */ (globalThis).trustedTypes?.createPolicy("installing", {
    createScriptURL: () => ADDRESS,
  });

/** Where a browser has none, or forbids it, the console is a page as before. */
export async function installable() {
  try {
    await navigator.serviceWorker?.register(policy()?.createScriptURL("") ?? ADDRESS, { scope: "/console/" });
  } catch {
    return false;
  }
  return true;
}
