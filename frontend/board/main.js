// Starts the supervisor's page.
import { appsOf, browserLabel, prepare, signedOut, socketAt, wakeWithPage } from "../staff/page.js";
import { App } from "./app.js";
import { Board } from "./board.js";
import { wouldLose } from "./lines/model/kept-forms.js";
import { Alarm } from "./supervision/model/alarm-sound.js";
import { OwnState } from "./supervision/view/own-state.js";

const MINUTE_MS = 60_000;

await prepare("board");
const board = new Board({
  url: socketAt("/ws/console/"),
  memory: localStorage,
  label: browserLabel(),
  signedOut,
  apps: await appsOf("board"),
});
const alarm = new Alarm(localStorage);
board.floor.addEventListener("alarm", alarm.sound);
document.getElementById("board")?.replaceChildren(Object.assign(new App(), { station: board, alarm }));
document.getElementById("own-state")?.replaceChildren(Object.assign(new OwnState(), { station: board }));
wakeWithPage(board);
// Some changes send no bell: a date that passes, a late purge, and a command that somebody runs on the server before
// returning to this page. So the page also refreshes each minute, and when it gets the focus.
const lookAgain = () => {
  if (!board.proven) return;
  board.refresh();
  board.floor.look();
};
setInterval(lookAgain, MINUTE_MS);
addEventListener("focus", lookAgain);
addEventListener("beforeunload", (event) => {
  // After a sign-out elsewhere nothing on this page can be saved, so a warning would be useless.
  if (!board.stopped && wouldLose(board)) event.preventDefault();
});
board.start();
