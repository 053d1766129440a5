// Starts the console, or another service's desk, on its page.

import { trustOfPage } from "../shared/text.js";
import { installable } from "../staff/installing.js";
import { appsOf, browserLabel, prepare, signedOut, socketAt, wakeWithPage } from "../staff/page.js";
import { App } from "./app.js";
import { Console } from "./console.js";
import { OtherTabs } from "./staff/model/other-tabs.js";
import { Preferences } from "./staff/model/preferences.js";
import { WithoutNetwork } from "./staff/model/without-network.js";
import { asksBeforeLeaving } from "./staff/view/going-home.js";
import { listenToKeys } from "./staff/view/keyboard-shortcuts.js";
import { callForAttention, watchAttendance } from "./staff/view/notifications.js";
import { OwnState } from "./staff/view/own-state.js";

await prepare("console");
const desk = new Console({
  url: socketAt("/ws/console/"),
  memory: localStorage,
  store: sessionStorage,
  label: browserLabel(),
  signedOut,
  trust: trustOfPage(),
  release: new URL(import.meta.url).pathname.split("/")[2],
  mode: document.documentElement.dataset.mode === "partner" ? "partner" : "console",
  apps: await appsOf("console"),
});
const preferences = new Preferences(localStorage);
const app = Object.assign(new App(), { station: desk, preferences });
document.getElementById("console")?.replaceChildren(app);
document.getElementById("own-state")?.replaceChildren(Object.assign(new OwnState(), { station: desk }));

desk.otherTabs = new OtherTabs(new BroadcastChannel("helpline-console"), () => desk.changed());
addEventListener("pagehide", () => desk.otherTabs?.leave());
callForAttention(desk, preferences);
watchAttendance(desk);
listenToKeys(desk, preferences, app);
const withoutNetwork = desk.mode === "console" ? new WithoutNetwork(desk, sessionStorage) : null;
asksBeforeLeaving(
  desk,
  () => app.goingHome,
  () => withoutNetwork?.forget(),
);
desk.addEventListener("goes-home", () => {
  app.goingHome?.ask("off", () => desk.setDuty("off", desk.duty.slots));
  desk.changed(); // until the duty has changed, the switch shows the current state
});
wakeWithPage(desk);
if (desk.mode === "console") installable();
desk.start();
