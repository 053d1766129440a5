// Starts a guest's page. The token is in the fragment of the address, so it is in no server log. The page removes it
// from the address immediately.

import { prepare, socketAt, wakeWithPage } from "../staff/page.js";
import { GuestDesk } from "./handoff/model/guest-desk.js";
import { GuestKeys } from "./handoff/model/guest-keys.js";
import { GuestPage } from "./handoff/view/guest-page.js";
import { Preferences } from "./staff/model/preferences.js";
import { callForAttention, watchAttendance } from "./staff/view/notifications.js";

const link = location.hash.slice(1);
history.replaceState(null, "", location.pathname);
// If another link is opened in this tab, only the fragment changes, and the browser does not reload by itself.
addEventListener("hashchange", () => location.reload());

await prepare("console");
const keys = new GuestKeys(localStorage);
const desk = new GuestDesk({ url: socketAt("/ws/desk/"), store: sessionStorage, link, keys });
document.getElementById("console")?.replaceChildren(Object.assign(new GuestPage(), { station: desk }));

// A guest has no settings, and nothing is stored.
callForAttention(desk, new Preferences({ getItem: () => null, setItem: () => {} }));
watchAttendance(desk);
wakeWithPage(desk);
desk.start();
