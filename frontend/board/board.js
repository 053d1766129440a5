// Models the supervisor's page. The server pushes the floor; everything else is fetched again after each bell.

import { Refused } from "../shared/sealing.js";
import { ErrorReply, PASSING } from "../shared/socket.js";
import { Certifying } from "../staff/certifying.js";
import { eightWords } from "../staff/eight-words.js";
import { shareKeys } from "../staff/key-shares.js";
import { PeopleNews } from "../staff/people-news.js";
import { codeOf } from "../staff/problems.js";
import { Station } from "../staff/station.js";
import { TeamCare } from "./care/model/team-care.js";
import { Directory } from "./handoff/model/directory.js";
import { LineLetters } from "./letters/model/line-letters.js";
import { LineKeys } from "./retention/model/line-keys.js";
import { Retention } from "./retention/model/retention.js";
import { BeginHere } from "./supervision/model/begin-here.js";
import { Floor } from "./supervision/model/live-floor.js";
import { TwoPersons } from "./supervision/model/two-persons.js";

/** @typedef {import("../shared/protocol.d.ts").DeviceRow} DeviceRow */
/** @typedef {import("../shared/protocol.d.ts").HelloOk} HelloOk */
/** @typedef {import("../shared/protocol.d.ts").KeyLine} KeyLine */
/** @typedef {import("../shared/protocol.d.ts").TrailRow} TrailRow */

/** @typedef {{from: string, names: string[]}} ToCall  whom to call if nobody is on duty; from: when their shift begins, "" if they should be on duty now */
/**
 * Describes what an optional app adds. The default export of its `board.js` is a function that takes the
 * board.
 * @typedef {object} BoardApp
 * @property {{name: string, after: string, icon: string, render: () => unknown}} [tab]  after: the name of the tab before it; icon: its name in Lucide
 * @property {(line: string, behind: import("./supervision/model/live-floor.js").FloorLine | undefined) => unknown} [besidePeople]  renders what each line shows beside its people, on the first tab
 * @property {(line: string, behind: import("./supervision/model/live-floor.js").FloorLine | undefined) => ToCall | null} [toCall]
 * @property {(ok: HelloOk) => unknown} [entered]  called each time the device has been authenticated
 * @property {(frame: import("../staff/station.js").Wire["frame"]) => unknown} [hear]
 * @property {() => void} [clear]  called when everything has to be removed from the screen
 */

/** @type {(string | undefined)[]} */
const ASKS_ANEW = ["debriefs", "device", "review", "staff", "approvals"];
const PAUSE_MS = 1000;
const LOOK_AGAIN_MS = 5000;

export class Board extends Station {
  /** @type {import("../staff/device.js").Device} */
  device;
  /** Holds the error code of the last action. */
  problem = "";
  busy = false;
  /** @type {Promise<unknown>} */
  #underway = Promise.resolve();
  /** @type {KeyLine[]} */
  lines = [];
  chosen = "";
  /** @type {Map<string, string>} the names in the directory, by slug */
  services = new Map();
  /** @type {Map<string, string>} the telephone number of the supervisor on call, by line */
  onCall = new Map();
  /** @type {import("./supervision/model/whom-to-call.js").Phone[]} the telephone numbers that people of these lines gave */
  phones = [];
  /** @type {DeviceRow[]} */
  devices = [];
  /** @type {TrailRow[]} */
  trail = [];
  overdue = 0;
  halted = false;
  /** @type {Map<string, string>} the eight words that people compare by voice, by public key */
  #words = new Map();
  #blind = ""; // why the last refresh failed
  #cancelLook = () => {};
  #asking = 0;
  /** Holds the slugs of the lines for which this page last reconnected, as one text. */
  #met = "";
  #pauses = false;
  #rang = false;

  /** @param {import("../staff/station.js").Around & import("../staff/station.js").Own & {apps?: ((board: Board) => BoardApp)[]}} around */
  constructor(around) {
    super(around);
    this.device = this.makeDevice(around);
    const { request, changed, now, setClock } = this;
    this.floor = new Floor({ request, changed, act: this.#actNext, now, setClock });
    this.begin = new BeginHere({ request, act: this.#do });
    const rings = () => this.floor.dispatchEvent(new Event("alarm"));
    this.approvals = new TwoPersons({ request, act: this.#do, tell: this.#tell, rings });
    this.certifying = new Certifying({
      ...{ request, act: this.#do, now, memory: around.memory, keys: around.keys },
      person: () => this.me?.id ?? "",
      approved: (device) => shareKeys(request, this.device.pair, "letters", device),
    });
    this.care = new TeamCare({ request, act: this.#do, changed });
    const { certifying } = this;
    this.news = new PeopleNews({ request, act: this.#do, rings, approve: certifying.approve });
    const own = () => this.#own();
    const noteKey = certifying.noteKey.bind(certifying);
    const ofLine = { request, act: this.#do, own, tell: this.#tell, noteKey };
    this.keys = new LineKeys(ofLine, "review", () => this.line);
    this.letters = new LineLetters({ ...ofLine, isRevoked: (key) => certifying.isRevoked(key) });
    this.retention = new Retention({
      ...{ request, act: this.#do, own, changed, after: this.after, now: this.now },
      chosen: () => this.chosen,
      refresh: () => this.refresh(),
      fail: (problem) => this.fail(problem),
    });
    const saysOfTwo = () => this.approvals.saysOfTwo(null);
    this.directory = new Directory({
      request,
      changed,
      saysOfTwo,
      isAlone: () => this.approvals.isAlone(null),
    });
    this.apps = (around.apps ?? []).map((app) => app(this));
  }

  async start() {
    await this.device.prepare();
    this.connect();
  }

  get line() {
    return this.lines.find(({ line }) => line === this.chosen);
  }

  /** Returns whether a person supervises a line of this board. @param {string} person */
  supervises = (person) => this.lines.some((line) => line.devices.some((one) => one.person === person));

  /** @param {string} key */
  wordsOf = (key) => this.#words.get(key) ?? "";

  // Frames from the server

  /** @param {HelloOk} hello */
  async greeted(hello) {
    await this.meet(hello);
    if (this.device.state === "missing") await this.device.make();
  }

  /** @param {HelloOk} ok */
  entered(ok) {
    this.#know(ok.services);
    this.onCall = new Map(Object.entries(ok.on_call ?? {}));
    this.floor.greeted(ok);
    for (const app of this.apps) app.entered?.(ok);
    this.refresh();
  }

  /** @param {import("../staff/station.js").Wire["frame"]} frame */
  receive(frame) {
    if (frame.type === "device") this.device.hear(frame);
    if (frame.type === "services") this.#know(frame.services);
    if (frame.type === "colleagues") this.onCall.set(frame.line, frame.on_call);
    this.floor.hear(frame);
    for (const app of this.apps) app.hear?.(frame);
    if (frame.type === "beat" && (this.begin.waitsForRoot || this.certifying.waitsForRoot)) this.refresh();
    if (frame.type === "approvals" && this.directory.loaded) this.directory.load();
    if (ASKS_ANEW.includes(frame.type)) this.#askAnew();
  }

  /** Without its database the server sends no change, and a quiet board looks the same. @param {string} code */
  beatRefused(code) {
    if (PASSING.includes(code) && !this.#blind) this.#isBlind(code);
  }

  /** Keeps the names of services. Names of ended services stay, because figures use them. @param {{service: string, name: string}[]} services */
  #know(services) {
    for (const { service, name } of services) this.services.set(service, name);
    if (this.directory.loaded) this.directory.load();
  }

  /**
   * Refreshes immediately. All bells within the next second cause only one more refresh, because on a busy
   * evening every end of a conversation sends a bell.
   */
  #askAnew() {
    this.#rang = this.#pauses;
    if (this.#pauses) return;
    this.#pauses = true;
    this.refresh();
    this.after(PAUSE_MS, () => {
      this.#pauses = false;
      if (this.#rang) this.#askAnew();
    });
  }

  /** @param {import("../shared/socket.js").State} state */
  connected(state) {
    if (state !== "open") this.floor.lose();
    super.connected(state);
  }

  /** @param {import("../shared/socket.js").Stop} why */
  shut(why) {
    this.clear();
    super.shut(why);
  }

  clear() {
    this.#asking++; // replies that have not arrived yet are ignored
    this.floor.clear();
    for (const app of this.apps) app.clear?.();
    this.approvals.clear();
    this.begin.clear();
    this.care.clear();
    this.directory.clear();
    this.letters.clear();
    this.news.clear();
    this.retention.clear();
    Object.assign(this, { lines: [], phones: [], devices: [], trail: [] });
  }

  /** Returns whether a key is this browser's. Keys are compared, because the device ids on the board differ from those in `hello`. @param {string} key */
  isOwn = (key) => key === this.device.key;

  /** Fetches everything that is shown. If two refreshes overlap, only the replies to the later one are used. */
  async refresh() {
    const turn = ++this.#asking;
    try {
      const [keys, phones, news, overdue, trail, approvals, care, signing, begin] = await Promise.all([
        this.request("keys"),
        this.request("phones"),
        this.news.look(),
        this.request("overdue"),
        this.request("trail"),
        this.approvals.look(),
        this.care.look(),
        this.certifying.look(),
        this.begin.look(),
      ]);
      const chosen = keys.lines.some(({ line }) => line === this.chosen)
        ? this.chosen
        : ((keys.lines.find(({ ended }) => !ended) ?? keys.lines[0])?.line ?? "");
      const retention = chosen ? await this.#ofLine(chosen) : null;
      signing.noteRevoked(news.devices);
      const signed = signing.told?.keys ?? [];
      await this.#spell([...news.devices, ...signed, ...keys.lines.flatMap((line) => line.devices)]);
      if (turn !== this.#asking) return;
      if (this.#meetsOthers(keys.lines)) return this.again();
      Object.assign(this, { lines: keys.lines, phones: phones.phones, devices: news.devices, chosen });
      if (retention) this.retention.show(retention);
      this.approvals.show(approvals);
      Object.assign(this.care, care);
      this.begin.steps = begin.steps;
      this.news.show(news);
      Object.assign(this, { overdue: overdue.overdue, halted: overdue.halted, trail: trail.rows });
      this.#sees();
    } catch (error) {
      if (error instanceof ErrorReply && turn === this.#asking) this.#isBlind(error.code);
    }
  }

  /** While the server cannot fetch what is shown, the live view is not current either, although the connection is open. @param {string} code */
  #isBlind(code) {
    this.#blind = code;
    if (PASSING.includes(code)) {
      this.floor.lose();
      // One timer: each minute another refresh fails, and would begin a further chain of them.
      this.#cancelLook();
      this.#cancelLook = this.after(LOOK_AGAIN_MS, () => this.#blind === code && this.refresh());
    }
    this.fail(code);
  }

  #sees() {
    if (PASSING.includes(this.#blind)) this.floor.watch();
    if (this.problem === this.#blind) this.problem = "";
    this.#blind = "";
    this.changed();
  }

  /** Returns whether a line was added, ended or restored. Then the page has to reconnect, because the live view has only the lines that the greeting listed. @param {KeyLine[]} lines */
  #meetsOthers(lines) {
    const offered = lines.filter(({ ended }) => !ended).map(({ line }) => line);
    const met = offered.sort().join(" ");
    if (!this.me || met === [...this.me.lines].sort().join(" ") || met === this.#met) return false;
    this.#met = met;
    return true;
  }

  /** @param {string} line */
  async #ofLine(line) {
    const [retention, letters] = await Promise.all([this.retention.look(line), this.letters.look(line)]);
    Object.assign(this.letters, letters);
    await this.#spell(letters.keyLine?.devices ?? []);
    return retention;
  }

  /** @param {{key: string}[]} devices */
  async #spell(devices) {
    for (const { key } of devices)
      if (!this.#words.has(key)) this.#words.set(key, (await eightWords(key)).join(" "));
  }

  /** @param {string} line */
  async choose(line) {
    if (line !== this.chosen) this.letters.clear(); // otherwise the next line's form would have this line's settings
    this.chosen = line;
    this.retention.leaveLine();
    this.changed();
    await this.refresh();
  }

  // What the supervisor does; a refresh follows each action

  /** Returns why this browser cannot act now, or "". */
  get hindrance() {
    if (this.connection !== "open") return "offline";
    return this.device.state === "approved" ? "" : `device_${this.device.state}`;
  }

  /** Runs one action at a time. Returns whether it succeeded. @param {() => Promise<unknown>} action @param {Record<string, string>} [own]  error codes that get another text here */
  act = async (action, own = {}) => {
    if (this.busy) return false;
    const running = this.#run(action, own);
    this.#underway = running;
    return running;
  };

  /** @param {() => Promise<unknown>} action @param {Record<string, string>} own */
  async #run(action, own) {
    Object.assign(this, { busy: true, problem: "" });
    this.changed();
    try {
      await action();
    } catch (error) {
      const code = error instanceof Refused ? "unverified" : codeOf(error);
      this.fail(own[code] ?? code);
    } finally {
      this.busy = false;
      this.changed();
    }
    return this.problem === "";
  }

  /** Runs an action once the one under way has ended: what a supervisor confirmed on the floor is never dropped. @param {() => Promise<unknown>} action @param {Record<string, string>} [own] */
  #actNext = async (action, own) => {
    while (this.busy) await this.#underway;
    return this.act(action, own);
  };

  /** @param {string} problem */
  fail(problem) {
    this.problem = problem;
    this.changed();
  }

  /** @param {() => Promise<unknown>} action @param {Record<string, string>} [own]  error codes that get another text here */
  #do = async (action, own) => {
    if (this.busy) return;
    await this.act(action, own);
    await this.refresh();
  };

  /** @param {string} told  a text's key */
  #tell = (told) => {
    this.floor.told = told;
  };

  /** @param {boolean} cases  whether the chosen line keeps removal cases from now on */
  keepCases = (cases) => this.#do(() => this.request("setcases", { line: this.chosen, cases }));

  #own() {
    const { pair } = this.device;
    if (!pair) throw new Refused("a browser without its key");
    return { line: this.chosen, pair };
  }
}
