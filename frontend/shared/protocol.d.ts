// Made from chat/protocol/ by `make asyncapi`. A request stands without its `type` and `ref`.

/** One more answer to a question of the form; its code is made of the English words. */
export interface AddCode {
  line: string;
  question: "detail" | "subject";
  nl: string;
  en: string;
}

/** One more, for everybody of the line. `nl` with je, `formal` with u (empty: the same). */
export interface AddSentence {
  line: string;
  folder: string;
  nl: string;
  formal: string;
  en: string;
}

/** In local time; it ends the next day if `closes` is not later than `opens`. */
export interface AddShift {
  line: string;
  day: string;
  opens: string;
  closes: string;
  wanted: number;
}

/** How many each hour of a week needs; and what if. `people`: so many more in every hour. `slots`: chats at once; null: as now. `longer`: hours open. */
export interface Advice {
  line: string;
  monday: string;
  people: number;
  slots: number | null;
  longer: number;
}

/** When a line raises an alert. */
export interface Alerting {
  line: string;
}

/** A second supervisor says yes to a reading. */
export interface Allow {
  reading: string;
}

/** Says yes or no to an invitation that rings. */
export interface Answer {
  invitation: string;
  yes: boolean;
}

/** Asks for the approval requests that concern this supervisor. */
export interface Approvals {
}

/** A supervisor compared the fingerprint by voice. */
export interface Approve {
  device: string;
}

/** Answers a beat: still here. */
export interface Beat {
}

/** What the first days of the supervisor's lines still lack. */
export interface Beginning {
}

/** Ends the conversation. */
export interface CallerLeave {
}

/** A sealed message. */
export interface CallerPost {
  id: string;
  epoch: number;
  box: string;
}

/** Read up to `seq`. */
export interface CallerSeen {
  seq: number;
}

/** Asks for the entries above `since`. */
export interface CallerSync {
  since: number;
}

/** The caller is typing. */
export interface CallerTyping {
}

/** Asks how many conversations each person of a line had this week, and how many of them were heavy. */
export interface Carried {
  line: string;
}

/** The device's eight words were compared, and this browser signed: for each line of its person. */
export interface Certify {
  device: string;
  signed: Signature[];
}

/** Of this browser's signer, under the device's certificate for a line or a service. */
export interface Signature {
  kind: "line" | "service";
  slug: string;
  not_before: number;
  not_after: number;
  sig: string;
}

/** This browser signed the line's newest key for reading afterwards. */
export interface CertifyKey {
  line: string;
  generation: number;
  not_before: number;
  not_after: number;
  sig: string;
}

/** Ends what it said, and begins what it says; as in `addsentence`. */
export interface ChangeSentence {
  line: string;
  sentence: string;
  folder: string;
  nl: string;
  formal: string;
  en: string;
}

/** Moved, made longer or shorter, or for more people. Who is on it stays on it. */
export interface ChangeShift {
  shift: string;
  day: string;
  opens: string;
  closes: string;
  wanted: number;
}

/** Ends the conversation. */
export interface Close {
  conversation: string;
}

/** A second supervisor confirms a hold. */
export interface Confirm {
  hold: string;
}

/** Confirms an approval request: it is done. */
export interface ConfirmApproval {
  approval: string;
}

/** The answer to the card: whether another service may join, and read what was said before. */
export interface Consent {
  invitation: string;
  yes: boolean;
  history: boolean;
}

/** Where each service of the directory gets its guests' links. */
export interface Contacts {
}

/** Counts a call or mail to the line by hand, or takes the last tap back. */
export interface CountContact {
  line: string;
  how: "mail" | "telephone";
  undo: boolean;
}

/** This person wants to talk with a supervisor of the line about a heavy conversation. */
export interface Debrief {
  line: string;
}

/** They talked. */
export interface Debriefed {
  debrief: string;
}

/** Who wants to talk, on the supervisor's lines. */
export interface Debriefs {
}

/** Opens the desk of a guest: by link and PIN once, afterwards by the resume token. `name`: as they want to be called; empty: their service's. */
export interface Desk {
  token: string;
  pin: string | null;
  key: string;
  name?: string;
}

/** The devices of those who work for the supervisor's lines and services. */
export interface Devices {
}

/** Takes one's own request back, or says no to another one's, before it is confirmed. */
export interface Drop {
  hold: string;
}

/** Takes one's own request back, or says no to another one's. */
export interface DropApproval {
  approval: string;
}

/** Takes one's own request to read back, or says no to another one's, before it is allowed. */
export interface DropReading {
  reading: string;
}

/** Takes everybody off who is on it. */
export interface DropShift {
  shift: string;
}

/** Forgets an edition that has not begun. */
export interface DropWording {
  line: string;
  edition: number;
}

/** On, break or off, with so many conversations at once. */
export interface Duty {
  state: "break" | "off" | "on";
  slots: number;
}

/** Ends an idle conversation. */
export interface End {
  conversation: string;
}

/** Ends a code. Figures keep it, and it is never used again. */
export interface EndCode {
  line: string;
  code: string;
}

/** Offered no more. */
export interface EndSentence {
  line: string;
  sentence: string;
}

/** Registers this browser's public key. */
export interface Enrol {
  key: string;
  label: string;
}

/** Deletes the conversation at once, for everybody. */
export interface Erase {
}

/** What the usual week has and this one has not; nothing on days on which the line is closed. */
export interface FillWeek {
  line: string;
  monday: string;
}

/** Marks a risk: 0 none, 1 raised, 2 acute. */
export interface Flag {
  conversation: string;
  risk: 0 | 1 | 2;
}

/** A supervisor looks at the floor of their own lines, or no more. The frame `floor` follows. */
export interface Floor {
  look: boolean;
}

/** Moves a waiting caller to the front, for a reason that the board and the audit show. */
export interface Front {
  conversation: string;
  reason: "again" | "other" | "promised" | "risk";
}

/** Makes a new epoch and lets in those who are present. */
export interface Grant {
  epoch: number;
  wraps: WrapFor[];
  history: HistoryFor[];
}

/** The new epoch's secret for one member. */
export interface WrapFor {
  member: string;
  wrap: string;
}

/** An earlier epoch's secret for one member. */
export interface HistoryFor {
  epoch: number;
  member: string;
  wrap: string;
}

/** Asks everybody who is on duty or in a conversation of a line to hand over and go home. */
export interface Handover {
  line: string;
}

/** Opens a console. */
export interface Hello {
  device: string | null;
}

/** Wants to keep a conversation until a moment, or longer than it is kept already. */
export interface Hold {
  conversation: string;
  reason: "legal" | "safeguarding";
  until: string;
}

/** The holds of a line, open requests among them. */
export interface Holds {
  line: string;
}

/** A line's opening hours, and what they make of the next four weeks. */
export interface Hours {
  line: string;
}

/** Asks a colleague, the line or another service to join. */
export interface Invite {
  conversation: string;
  how: "consult" | "handoff" | "transfer";
  to: Invitee;
  brief: string | null;
}

/** Exactly one of the three. */
export interface Invitee {
  staff?: string;
  line?: string;
  service?: string;
}

/** A return code that the caller wrote down: its hash, and what it opens. Both null forget it. */
export interface KeepCode {
  hash: string | null;
  box: string | null;
}

/** This week is the usual one from now on, with who is on it. */
export interface KeepUsual {
  line: string;
  monday: string;
}

/** How long a line keeps conversations after their end, and whether reading needs two. */
export interface Keeping {
  line: string;
  hours: number;
  two: boolean;
}

/** The review keys of the supervisor's lines, and who can open them. */
export interface Keys {
}

/** This seat leaves. */
export interface Leave {
  conversation: string;
}

/** A supervisor opens, throttles or closes a line, or lets its hours decide. */
export interface Line {
  line: string;
  state: "closed" | "hours" | "open";
  most: number | null;
  reason: string | null;
}

/** What staff of a line do when a life is at stake, in order. */
export interface LineProtocol {
  line: string;
}

/** Asks whoever is in charge of a conversation to let the supervisor join. */
export interface Listen {
  conversation: string;
}

/** The next generation of a line's review key, sealed for the device that made it. */
export interface MakeKey {
  line: string;
  generation: number;
  public: string;
  sealed: string;
}

/** This browser made a key that signs. It signs for nothing before a root's scope names it. */
export interface MakeSigner {
  key: string;
}

/** Asks for the caller at the head of the queue. `conversation`: for this one and no other, whom the person's own lost seat left waiting. */
export interface Next {
  line: string | null;
  conversation?: string | null;
}

/** A sealed note for the line's staff. */
export interface Note {
  conversation: string;
  id: string;
  epoch: number;
  box: string;
}

/** A supervisor read the telephone numbers that a line's callers are shown: they are right. */
export interface NumbersRead {
  line: string;
}

/** The shifts that go on now, and those that begin within a day. */
export interface OnShift {
  line: string;
}

/** Follows a conversation from `since` on. */
export interface Open {
  conversation: string;
  since: number;
}

/** Asks whether the purge is overdue. */
export interface Overdue {
}

/** A line's own codes, those that ended too. */
export interface OwnCodes {
  line: string;
}

/** What this person has ready for themself in a language, instead of what they had. */
export interface OwnSentences {
  language: "en" | "nl";
  texts: string[];
}

/** A sealed message. */
export interface Post {
  conversation: string;
  id: string;
  epoch: number;
  box: string;
}

/** Takes callers of the practice line of one of their lines from now on; null: no more. */
export interface Practise {
  line: string | null;
}

/** What stood in the box of `hello`, `enrol` or `desk`: this browser holds the key. */
export interface Prove {
  secret: string;
}

/** Somebody who takes callers of the line, also more than are wanted. */
export interface PutOn {
  shift: string;
  person: string;
}

/** Wants to read a transcript, for a reason that the audit keeps. */
export interface Read {
  conversation: string;
  reason: "caller" | "complaint" | "legal" | "quality" | "safeguarding";
}

/** Gives the caller a service's contact details. */
export interface Refer {
  conversation: string;
  service: string;
}

/** Second factors that were replaced in the last day, which can still be undone. */
export interface Replacements {
}

/** Asks a counsellor to take a break. Nobody is forced. */
export interface Rest {
  person: string;
}

/** Comes back to a conversation, in this or a newer tab. */
export interface Resume {
  conversation: string;
  token: string;
  since: number;
}

/** Comes back with a return code, which is used up: `code` is the half that the server checks. `user`: 32 bytes that the browser drew; with them it may ask again, should the answer be lost. */
export interface Return {
  line: string;
  code: string;
  since: number;
  user?: string | null;
}

/** What waits for a second supervisor, on all lines of one's own: requests to hold, and to read. */
export interface ReviewApprovals {
}

/** The newest conversations of a line that can still be read; with `before`, older ones. Only those in which `person` had a seat, flagged at least as `risk`, in which `minutes` were talked. */
export interface Reviews {
  line: string;
  before: string | null;
  person?: string;
  risk?: 0 | 1 | 2;
  minutes?: number;
}

/** A device is to be used no more. `lost`: at once, also another supervisor's. */
export interface Revoke {
  device: string;
  lost?: boolean;
}

/** The shifts that begin in the seven days from `monday` on, and who can be put on them. */
export interface Rota {
  line: string;
  monday: string;
}

/** Read up to `seq`. */
export interface Seen {
  conversation: string;
  seq: number;
}

/** A supervisor has seen the flag of a conversation of one of their lines. */
export interface SeenFlag {
  conversation: string;
}

/** A line's ready sentences, those that ended too. */
export interface Sentences {
  line: string;
}

/** Alert when so many wait, or somebody so many minutes; null: never. */
export interface SetAlerting {
  line: string;
  waiting: number | null;
  minutes: number | null;
}

/** Another contact of a service; both empty: nobody comes there by a link. */
export interface SetContact {
  service: string;
  mail: string;
  url: string;
}

/** New hours: shown as the next four weeks would be, and kept only with `keep`. `week`: Monday first. `holidays`: by the names in `feasts`, or `any`. */
export interface SetHours {
  line: string;
  week: SpanSet[][];
  holidays: Record<string, SpanSet[]>;
  dates: DateSet[];
  keep: boolean;
}

/** From `opens` until just before `closes`, the next day if that is not later; 00:00 to 00:00: a day. */
export interface SpanSet {
  opens: string;
  closes: string;
}

/** What applies on one date instead of everything else; no span: closed. */
export interface DateSet {
  date: string;
  spans: SpanSet[];
  reason: string;
}

/** Sets the limits for one person in one shift; null: nothing was agreed. They are shown, not enforced. */
export interface SetLimits {
  line: string;
  talks: number | null;
  heavy: number | null;
}

/** From `begins` on, or from now on; `wording` null: as the release has it. */
export interface SetWording {
  line: string;
  wording: WordingSet | null;
  begins: string | null;
}

/** Whom the line is for, what can be done at once, and whom to call, in order; `danger` heads acute. */
export interface WordingSet {
  is_for: WhomSet;
  danger: WhomSet;
  tips: SaidSet[];
  numbers: NumberSet[];
}

/** The same, as long as the page keeps room for. */
export interface WhomSet {
  nl: string;
  en: string;
}

/** The same thing in both languages. */
export interface SaidSet {
  nl: string;
  en: string;
}

/** A service to call (`line`: the line itself), on every screen, or where somebody says: acute. */
export interface NumberSet {
  service: string;
  says: SaidSet;
  always: boolean;
  acute: boolean;
}

/** A review key, sealed for another supervisor's device, whose words were compared by voice. */
export interface ShareKey {
  line: string;
  generation: number;
  device: string;
  sealed: string;
}

/** Whose keys are certified until when, and for what this browser may sign. */
export interface Signing {
}

/** Opens a conversation. `work`: an altcha payload, the answer to a challenge; `pad`: ignored; `ticket`: of a page to practise on, without which a practice line is an unknown one. */
export interface Start {
  line: string;
  locale: "en" | "nl";
  urgency: 0 | 1 | 2;
  work?: string;
  pad?: string;
  ticket?: string;
}

/** A step of it was taken in this conversation, or why not. No word of what was said. */
export interface Step {
  conversation: string;
  step: string;
  how: "caller_gone" | "danger" | "done" | "not_needed";
}

/** Asks for the entries above `since`. */
export interface Sync {
  conversation: string;
  since: number;
}

/** Somebody who is on it. */
export interface TakeOff {
  shift: string;
  person: string;
}

/** Takes the made-up caller who waits. */
export interface TakePractice {
}

/** Moves this person's seat from another device to this one. */
export interface Takeover {
  conversation: string;
}

/** The curve of a line's day so far. */
export interface Today {
  line: string;
}

/** The newest rows of the audit: devices, keys, reviews, holds, and what supervisors did to lines. */
export interface Trail {
}

/** The entries above `since` of an open reading. */
export interface Transcript {
  reading: string;
  since: number;
}

/** This seat is typing. */
export interface Typing {
  conversation: string;
}

/** Restores the previous second factor: the person was not who they said. */
export interface UndoReplacement {
  replacement: string;
}

/** Ends the conversation, too: this caller is not serious. The line asks more of who comes next. */
export interface Unserious {
  conversation: string;
}

/** A supervisor looks at the board, or no more. */
export interface Watch {
  board: boolean;
}

/** Takes an open invitation back. */
export interface Withdraw {
  invitation: string;
}

/** What a line tells its callers in words of its own, since when, and by whom. */
export interface Wording {
  line: string;
}

/** The coded answers of the wrap-up form. */
export interface WrapUp {
  conversation: string;
  codes: Record<string, string>;
}

/** Answer of `advice`. `handling`, `patience`: minutes; `slots`: chats at once. `goals`: the line's, in per cent helped within a minute and within five. `helped`: of the week's callers within a minute, as the rota stands; null where too little is known. */
export interface AdviceOk {
  type: "ok";
  ref: string;
  hours: HourShown[];
  handling: number;
  patience: number;
  slots: number;
  goals: number[];
  helped: number | null;
  checked: CheckedShown | null;
}

/** An hour. `verdict`: closed, unknown, too_few, enough, plenty. `expected`: callers, on average; `low` to `high`: people needed; `helped`: the share of callers helped within a minute by those planned. */
export interface HourShown {
  day: string;
  hour: number;
  verdict: string;
  planned: number;
  expected: number | null;
  low: number | null;
  high: number | null;
  helped: number | null;
}

/** The last four weeks' advice against who came: callers foretold and come, by how many an hour was wrong on average, in how many of the hours more people were needed than was advised. */
export interface CheckedShown {
  hours: number;
  foretold: number;
  came: number;
  off: number;
  short: number;
}

/** Answer of `alerting` and `setalerting`. `told`: a mail or webhook is set up by an administrator. */
export interface AlertingOk {
  type: "ok";
  ref: string;
  waiting: number | null;
  minutes: number | null;
  told: boolean;
}

/** The requests that this seat may send now. */
export interface AllowedOut {
  type: "allowed";
  conversation: string;
  allowed: string[];
}

/** Answer of `answer`: after a yes, the seat. */
export interface AnswerOk {
  type: "ok";
  ref: string;
  conversation?: string;
  member?: string;
}

/** Answer of `approvals`, oldest first. */
export interface ApprovalsOk {
  type: "ok";
  ref: string;
  approvals: ApprovalRow[];
}

/** What somebody asked for. `name`: of the person, the service, the role or the device's owner that it is about; `value`: a generation, hours, a role, `demand` or `lift`, a device's label, a service's name, or what a field was and is to be. `may`: this supervisor may confirm it now; `others`: who else. `until`: then it lapses; `rests`: nobody confirms it before. `lacking`: how many who are signed in lack what it asks of them. */
export interface ApprovalRow {
  approval: string;
  kind: string;
  line: string | null;
  name: string;
  value: string;
  mail: string;
  url: string;
  asked: string;
  own: boolean;
  at: string;
  until: string;
  rests: string | null;
  may: boolean;
  others: string[];
  lacking?: number;
}

/** Something that takes two persons was asked for, done or dropped: ask again. */
export interface ApprovalsOut {
  type: "approvals";
}

/** For each conversation that the socket follows, the newest `seq` that its seat may see. */
export interface BeatOut {
  type: "beat";
  at: string;
  seqs: Record<string, number>;
}

/** Answer of `beginning`, in the order in which it is best done. */
export interface BeginningOk {
  type: "ok";
  ref: string;
  steps: BeginningStep[];
}

/** `lines`: those that lack it; none: it is done. `signing` is left out where there is no root. */
export interface BeginningStep {
  what: "alerts" | "counsellors" | "devices" | "hours" | "numbers" | "review_key" | "signing" | "supervisors";
  lines: string[];
}

/** The lines of a supervisor, at most once a second, only when something changed. */
export interface BoardOut {
  type: "board";
  at: string;
  lines: BoardLine[];
}

/** A line on the board; the day's figures count since midnight, local time. `waiting` and `oldest` count those away, too; `away` and `oldest_here` tell them apart. */
export interface BoardLine {
  line: string;
  state: "closed" | "open";
  waiting: number;
  away: number;
  oldest: string | null;
  oldest_here: string | null;
  urgent: number;
  pressure: Pressure;
  active: number;
  on: number;
  slots: number;
  free: number;
  answered: number;
  within: number;
  abandoned: number;
  overdue: number;
  break?: number;
}

/** What entering a line costs: 0 nothing, 1 work, 2 hard work, 3 it is full. Since midnight: how many were asked for work, came in with it done, were refused because the line was full. */
export interface Pressure {
  level: 0 | 1 | 2 | 3;
  asked: number;
  earned: number;
  refused: number;
}

/** Place in the queue; `minutes` is null or a range. `long`: it may take more than an hour. `served`: who came to their turn since this caller came. `closed`: the line takes nobody new. `until`: nobody is there; unless somebody comes, the wait ends then. `staffed`: a counsellor of the line is on duty, or on a break. */
export interface CallerQueueOut {
  type: "queue";
  ahead: number;
  minutes: [number, number] | null;
  long: boolean;
  served: number;
  closed: boolean;
  until: string | null;
  staffed: boolean;
}

/** What this person had today, when it changed; as in `hello`. */
export interface CareOut {
  type: "care";
  loads: OwnLoad[];
}

/** What this person had today on a line, and the limits there. `wants`: to talk, and why; or empty. */
export interface OwnLoad {
  line: string;
  talks: number;
  heavy: number;
  most_talks: number | null;
  most_heavy: number | null;
  wants: string;
}

/** Answer of `carried` and `setlimits`. */
export interface CarriedOk {
  type: "ok";
  ref: string;
  most_talks: number | null;
  most_heavy: number | null;
  people: CarriedBy[];
}

/** What somebody had on a line, today and in the last seven days. `wants`: to talk about it. */
export interface CarriedBy {
  person: string;
  alias: string;
  talks_today: number;
  heavy_today: number;
  talks: number;
  heavy: number;
  wants: boolean;
}

/** The form has one more code, or one less: both as in `hello`. */
export interface CodesOut {
  type: "codes";
  codes: Record<string, string[]>;
  own_codes: OwnCodeShown[];
}

/** A line's own code; `ended` null while it is offered. */
export interface OwnCodeShown {
  line: string;
  question: string;
  code: string;
  nl: string;
  en: string;
  made: string;
  ended: string | null;
}

/** Who works for a line and their duty, and whether it is open: as in `hello`, when it changed. `desks`: services at whose desk somebody is on duty. */
export interface ColleaguesOut {
  type: "colleagues";
  line: string;
  open: boolean;
  colleagues: Colleague[];
  desks: string[];
}

/** Somebody of the same line. `duty`: on, break, off, or there: a supervisor off duty with a page open. */
export interface Colleague {
  id: string;
  alias: string;
  line: string;
  duty: string;
}

/** Answer of `contacts`, by name. */
export interface ContactsOk {
  type: "ok";
  ref: string;
  services: ContactRow[];
}

/** A service's contact, by mail or by webhook; both empty: none. */
export interface ContactRow {
  service: string;
  name: string;
  mail: string;
  url: string;
}

/** Answer of `debriefs`, the oldest first. */
export interface DebriefsOk {
  type: "ok";
  ref: string;
  debriefs: DebriefRow[];
}

/** Somebody wants to talk. `why`: asked, or acute. */
export interface DebriefRow {
  debrief: string;
  person: string;
  alias: string;
  line: string;
  why: string;
  asked: string;
}

/** Somebody wants to talk, or did: ask `debriefs`. */
export interface DebriefsOut {
  type: "debriefs";
}

/** Answer of `desk`: a guest's seat, and the token that opens it again with the same key, once proven. */
export interface DeskOk {
  type: "ok";
  ref: string;
  conversation: string;
  member: string;
  resume: string;
  prove: string | null;
}

/** A device's state. `id` is for its own browser as `hello` takes it, for others what they call it. `certified`: for its own browser, as in the ok of `prove`. */
export interface DeviceOut {
  type: "device";
  id: string;
  state: string;
  person: string;
  certified?: Need[];
}

/** For what a key should be certified. `until`: null where it never was; `mine`: this browser may sign; `by_me`: it did. */
export interface Need {
  kind: "line" | "service";
  slug: string;
  name: string;
  until: string | null;
  mine: boolean;
  by_me: boolean;
}

/** Answer of `devices`. */
export interface DevicesOk {
  type: "ok";
  ref: string;
  devices: DeviceRow[];
}

/** A device as its supervisor sees it; `key` is for the fingerprint. `used`: last proven. */
export interface DeviceRow {
  id: string;
  state: string;
  person: string;
  alias: string;
  label: string;
  key: string;
  enrolled: string;
  used: string;
}

/** Answer of `duty`. */
export interface DutyOk {
  type: "ok";
  ref: string;
  duty: DutyState;
}

/** A person's duty. */
export interface DutyState {
  state: string;
  slots: number;
}

/** The own duty as it is: the server turned it off, because this console was silent for too long. */
export interface DutyOut {
  type: "duty";
  state: string;
  slots: number;
}

/** Answer of `enrol`. */
export interface EnrolOk {
  type: "ok";
  ref: string;
  device: DeviceState;
  prove: string;
}

/** This socket's device. */
export interface DeviceState {
  id: string;
  state: string;
}

/** Answer of `erase`. `copies`: those are gone too; if not, at D. `held`: kept for the `hold` alone. */
export interface EraseOk {
  type: "ok";
  ref: string;
  copies: boolean;
  held?: boolean;
  hold?: StandingHold;
}

/** Two supervisors keep the conversation for the line until then, whoever erases it, and why. */
export interface StandingHold {
  reason: "legal" | "safeguarding";
  until: string;
}

/** The one reply of a request that was refused. `ref` is null when it could not be read. `refer`: that service can only be referred to. `challenge`: the JSON of an altcha challenge, to be solved before the next try; `again`: after how many seconds one makes sense. */
export interface Error {
  type: "error";
  ref: string | null;
  code: string;
  detail: string;
  epoch?: number;
  members?: string[];
  opens?: string | null;
  state?: string;
  refer?: boolean;
  challenge?: string;
  again?: number;
}

/** The conversation has ended, and its caller may say how it was: each question once, with this ticket. */
export interface FeedbackOut {
  type: "feedback";
  ticket: string;
}

/** Answer of `fillweek`: how many shifts were made. */
export interface FillWeekOk {
  type: "ok";
  ref: string;
  shifts: number;
}

/** A conversation's risk flag changed, or a step was taken. `known`: a supervisor has seen the flag. */
export interface FlaggedOut {
  type: "flagged";
  conversation: string;
  risk: number;
  known: boolean;
  steps: TakenStep[];
}

/** A step that was taken, or why it was not; `by`: an alias. */
export interface TakenStep {
  step: string;
  how: string;
  at: string;
  by: string;
}

/** The floor of a supervisor's lines, at most once a second, only when something changed. */
export interface FloorOut {
  type: "floor";
  at: string;
  lines: FloorLine[];
}

/** A line behind its sums. `alerts`: waiting, wait, urgent, nobody, pressure, overdue, certificates. `waiting`: the first twenty. `elsewhere`: conversations that only a partner holds. `inside` of `foretold`: today's callers whose true wait fell inside the range that they were shown. `minutes`: what somebody who came now would be shown. `steered`, `most` and `reason`: as the frame `line` set them last. */
export interface FloorLine {
  line: string;
  alerts: string[];
  ringing: number;
  flagged: number;
  minutes: [number, number] | null;
  inside: number;
  foretold: number;
  people: FloorPerson[];
  elsewhere: FloorConversation[];
  waiting: FloorWaiting[];
  steered?: "closed" | "hours" | "open";
  most?: number | null;
  reason?: string;
}

/** Somebody of the line, on duty or with conversations. */
export interface FloorPerson {
  id: string;
  alias: string;
  duty: string;
  slots: number;
  conversations: FloorConversation[];
}

/** No content. `last`: its newest message; `here`: the caller; `dead`: it may be ended; `known`: a supervisor has seen its flag; `steps`: of the line's protocol, where it was flagged as acute. */
export interface FloorConversation {
  conversation: string;
  letter: string;
  since: string;
  last: string | null;
  risk: number;
  known: boolean;
  steps: TakenStep[];
  here: boolean;
  dead: boolean;
}

/** A caller who waits. `why` this place: requeued, moved, urgent or waited; `boost` in minutes. */
export interface FloorWaiting {
  conversation: string;
  since: string;
  urgency: number;
  locale: string;
  here: boolean;
  why: "moved" | "requeued" | "urgent" | "waited";
  reason: string;
  boost: number;
  minutes: [number, number] | null;
}

/** The conversation is gone. */
export interface GoneOut {
  type: "gone";
  conversation: string;
}

/** Answer of `grant`. */
export interface GrantOk {
  type: "ok";
  ref: string;
  epoch: number;
}

/** Answer of `handover`: how many were asked. */
export interface HandoverOk {
  type: "ok";
  ref: string;
  asked: number;
}

/** A supervisor asks to hand over what is open on this line and go home. */
export interface HandoverOut {
  type: "handover";
  line: string;
  by: string;
}

/** The line holds the conversation from now on, or for longer: see `StandingHold`. */
export interface HeldOut {
  type: "held";
  reason: "legal" | "safeguarding";
  until: string;
}

/** Answer of `hello`. `prove`: a box for the device's key; before the proof only `lines` is filled. `release`: of the pages that are served now; a page of another one is older. `own_codes`: those among `codes` that a line has for itself, with their words. `sentences`: ready to say, of the person's lines; `own_sentences`: their own, by language. `loads`: what they had today on each line. */
export interface HelloOk {
  type: "ok";
  ref: string;
  prove: string | null;
  release: string;
  me: Me;
  device: DeviceState | null;
  duty: DutyState;
  lines: LineState[];
  queue: QueueOut[];
  colleagues: Colleague[];
  services: ServiceCard[];
  conversations: OwnSeat[];
  invitations: InvitationOut[];
  codes: Record<string, string[]>;
  own_codes: OwnCodeShown[];
  sentences: SentenceShown[];
  own_sentences: Record<string, string[]>;
  loads: OwnLoad[];
  practising: PractisingOn | null;
}

/** The person who signed in. */
export interface Me {
  id: string;
  alias: string;
  roles: string[];
  lines: string[];
  service: string | null;
}

/** A line of this person. `formal`: its Dutch says u. */
export interface LineState {
  line: string;
  name: string;
  open: boolean;
  formal: boolean;
}

/** A line's queue, for its staff. `here`: who is here and can be served by this person. `away` of those waiting are not here; `oldest_here`: of those who are. */
export interface QueueOut {
  type: "queue";
  line: string;
  waiting: number;
  here: number;
  oldest: string | null;
  urgent: number;
  away: number;
  oldest_here: string | null;
}

/** An entry of the referral directory; `open` is null where its hours are not known. `guest`: has no desk, and can be asked by a link. With neither it can only be referred to. `purpose` is in the staff's words. `phone` and `site` are what a caller would be sent: with neither nobody can be referred to it. `needs`: words to find it by. `ages`: from and up to, null where not known. `uses`: how often the person's lines referred to it in the last ninety days. */
export interface ServiceCard {
  service: string;
  name: string;
  desk: boolean;
  guest: boolean;
  open: boolean | null;
  purpose: string;
  purpose_en: string;
  needs: string;
  phone: string;
  site: string;
  languages: string[];
  ages: [number | null, number | null];
  uses: number;
}

/** A conversation in which this person has a seat. `risk`: as flagged, 0 for a partner. */
export interface OwnSeat {
  conversation: string;
  line: string;
  locale: string;
  urgency: number;
  member: string;
  state: string;
  seq: number;
  epoch: number;
  letter: string;
  risk: number;
}

/** An invitation, to the inviter and to everybody it rings for, at every change. `conversation` is null for whom it rings; `urgency` is as the caller said, `risk` as the line's staff flagged it, 0 in a handoff: a partner is told nothing of it. The inviter of a guest gets the `pin`, to be told by telephone, how often somebody gave another one, and whether the service's `contact` has taken the link; the link is null, for it goes there alone. */
export interface InvitationOut {
  type: "invitation";
  invitation: string;
  conversation: string | null;
  how: string;
  from: string;
  line: string;
  locale: string;
  urgency: number;
  risk: number;
  state: string;
  expires: string | null;
  link?: null;
  pin?: string;
  wrong_pins?: number;
  contact?: "failing" | "sending" | "taken";
}

/** As in `addsentence`. `by`: an alias, or empty where it came with the line. `ended` null: offered. */
export interface SentenceShown {
  sentence: string;
  line: string;
  folder: string;
  nl: string;
  formal: string;
  en: string;
  by: string;
  made: string;
  ended: string | null;
}

/** The twin that this person practises on, and the line that it is of. */
export interface PractisingOn {
  line: string;
  practice_for: string;
  name: string;
  formal: boolean;
}

/** Answer of `hold` and `confirm`; `until` is on a purge hour. */
export interface HoldOk {
  type: "ok";
  ref: string;
  hold: string;
  until: string;
}

/** Answer of `holds`. */
export interface HoldsOk {
  type: "ok";
  ref: string;
  holds: HoldRow[];
}

/** A hold; open while `confirmed` is null. `gone`: nobody but the hold sees the conversation any more. `opened`, `letter`, `people`: as the conversation's row has them; `latest`: no hold of it ends later. */
export interface HoldRow {
  hold: string;
  conversation: string;
  line: string;
  opened: string;
  letter: string;
  people: string[];
  reason: string;
  until: string;
  asked: string;
  own: boolean;
  confirmed: string | null;
  gone: boolean;
  latest: string;
}

/** Answer of `hours` and `sethours`. `feasts`: the names that `holidays` may have, `any` apart. */
export interface HoursOk {
  type: "ok";
  ref: string;
  week: SpanShown[][];
  holidays: Record<string, SpanShown[]>;
  dates: DateShown[];
  feasts: string[];
  preview: DayShown[];
}

/** As in `sethours`. */
export interface SpanShown {
  opens: string;
  closes: string;
}

/** As in `sethours`. */
export interface DateShown {
  date: string;
  spans: SpanShown[];
  reason: string;
}

/** A day of the preview; `why` its hours are not the weekday's: a reason or a feast. */
export interface DayShown {
  date: string;
  spans: SpanShown[];
  why: string;
}

/** Answer of `invite`. */
export interface InviteOk {
  type: "ok";
  ref: string;
  invitation: string;
}

/** Answer of `keepusual`: how many shifts were kept. */
export interface KeepUsualOk {
  type: "ok";
  ref: string;
  shifts: number;
}

/** Answer of `keeping`. `waits`: longer, or reading alone, once a second supervisor said yes. */
export interface KeepingOk {
  type: "ok";
  ref: string;
  waits: boolean;
}

/** Answer of `keys`. */
export interface KeysOk {
  type: "ok";
  ref: string;
  lines: KeyLine[];
}

/** A line's keys, newest first. `stale`: somebody has the present one who should not any more. */
export interface KeyLine {
  line: string;
  name: string;
  hours: number;
  two: boolean;
  stale: boolean;
  keys: KeyRow[];
  devices: KeyDevice[];
}

/** A generation; `confirmed` is null while it waits for a second supervisor. `share`: the private half sealed for this device, or null; `devices`: who can open it. */
export interface KeyRow {
  generation: number;
  public: string;
  made: string;
  confirmed: string | null;
  retired: string | null;
  share: string | null;
  devices: string[];
}

/** An approved device of a supervisor of the line; `key` is for the words, and to seal for. */
export interface KeyDevice {
  id: string;
  person: string;
  alias: string;
  label: string;
  key: string;
}

/** Answer of `lineprotocol`. */
export interface LineProtocolOk {
  type: "ok";
  ref: string;
  steps: ProtocolStep[];
}

/** A step: its words and what may be said with it, in both languages. `numbers`: services to call. `calls_in`: somebody is asked in. `tells` the caller that others are called; nothing `outside` before it. */
export interface ProtocolStep {
  code: string;
  label_nl: string;
  label_en: string;
  nl: string;
  en: string;
  say_nl: string;
  say_nl_formal: string;
  say_en: string;
  numbers: string[];
  calls_in: boolean;
  tells: boolean;
  outside: boolean;
}

/** A supervisor asks to join: the console may send a consult to `id`. */
export interface ListenOut {
  type: "listen";
  conversation: string;
  id: string;
  alias: string;
}

/** Answer of `makekey`. `waits`: it counts once a second supervisor said yes. */
export interface MakeKeyOk {
  type: "ok";
  ref: string;
  waits: boolean;
}

/** Answer of `next` and `takeover`: a seat. `letter`: of the conversation on its line. */
export interface NextOk {
  type: "ok";
  ref: string;
  conversation: string;
  member: string;
  line: string;
  locale: string;
  urgency: number;
  letter: string;
}

/** Something about the connection or the line. */
export interface NoticeOut {
  type: "notice";
  code: "line_closing" | "restarting" | "slow_down";
}

/** The one reply of a request that succeeded; each request's own fields are beside `ref`. */
export interface Ok {
  type: "ok";
  ref: string;
}

/** Answer of `onshift`. */
export interface OnShiftOk {
  type: "ok";
  ref: string;
  shifts: ShiftShown[];
}

/** A shift in local time, and by the world's. */
export interface ShiftShown {
  shift: string;
  day: string;
  opens: string;
  closes: string;
  starts: string;
  ends: string;
  wanted: number;
  places: PlaceShown[];
}

/** Who is on a shift. `state`: planned, offered, sick. `concerns`: what they had better not. */
export interface PlaceShown {
  person: string;
  alias: string;
  state: string;
  concerns: string[];
}

/** Answer of `open`; entries, presence and seen follow. `letter`: of the conversation on its line. `risk`: as flagged, 0 for a partner. `read`: its `seen`. `steps`: of the line's protocol, where it was flagged as acute. */
export interface OpenOk {
  type: "ok";
  ref: string;
  member: string;
  line: string;
  locale: string;
  urgency: number;
  state: string;
  epoch: number;
  seq: number;
  allowed: string[];
  letter: string;
  risk: number;
  known: boolean;
  steps: TakenStep[];
  read: number;
}

/** Answer of `overdue`. `halted`: the clock jumped, and somebody must look. */
export interface OverdueOk {
  type: "ok";
  ref: string;
  overdue: number;
  halted: boolean;
}

/** Answer of `owncodes`, `addcode` and `endcode`. */
export interface OwnCodesOk {
  type: "ok";
  ref: string;
  codes: OwnCodeShown[];
}

/** Answer of `post`: it is on disk. */
export interface PostOk {
  type: "ok";
  ref: string;
  seq: number;
  at: string;
}

/** Answer of `practise`. */
export interface PractiseOk {
  type: "ok";
  ref: string;
  practising: PractisingOn | null;
}

/** Somebody else is here, or away. `code`: a caller who left quickly, and can return by code only. */
export interface PresenceOut {
  type: "presence";
  conversation: string;
  member: string;
  here: boolean;
  code: boolean;
}

/** Answer of `prove` at a console; for an approved device with all that `hello` answers. `approvers`: of a device that waits for it, who can approve it, by alias. `certified`: until when this browser is certified for what; empty where nobody certifies keys. */
export interface ProveOk {
  type: "ok";
  ref: string;
  device: DeviceState;
  approvers?: string[];
  certified?: Need[];
  prove?: null;
  me?: Me;
  duty?: DutyState;
  lines?: LineState[];
  queue?: QueueOut[];
  colleagues?: Colleague[];
  services?: ServiceCard[];
  conversations?: OwnSeat[];
  invitations?: InvitationOut[];
  codes?: Record<string, string[]>;
  own_codes?: OwnCodeShown[];
  sentences?: SentenceShown[];
  own_sentences?: Record<string, string[]>;
  loads?: OwnLoad[];
  practising?: PractisingOn | null;
}

/** Answer of `read`. Not `open`: a second supervisor has to say yes first. */
export interface ReadOk {
  type: "ok";
  ref: string;
  reading: string;
  open: boolean;
}

/** Answer of `refer`: where the card stands in the log. */
export interface ReferOk {
  type: "ok";
  ref: string;
  seq: number;
}

/** Answer of `replacements`, newest first. */
export interface ReplacementsOk {
  type: "ok";
  ref: string;
  rows: ReplacementRow[];
}

/** Whose second factor `by` replaced, and when. */
export interface ReplacementRow {
  replacement: string;
  alias: string;
  by: string;
  at: string;
}

/** A supervisor asks this counsellor to take a break. */
export interface RestOut {
  type: "rest";
  by: string;
}

/** Answer of `resume`. `path`: of the line's page, for a tab that cannot open what it kept. */
export interface ResumeOk {
  type: "ok";
  ref: string;
  member: string;
  path: string;
  state: string;
  epoch: number;
  seq: number;
  shelf: string | null;
  keeps: Keeps;
  hold: StandingHold | null;
}

/** How long a conversation stays after its end, in seconds, and until when backups can be opened. */
export interface Keeps {
  answered: number;
  unanswered: number;
  backups: string;
}

/** Answer of `return`. `box`: the secrets, as `keepcode` brought them. */
export interface ReturnOk {
  type: "ok";
  ref: string;
  member: string;
  path: string;
  state: string;
  epoch: number;
  seq: number;
  shelf: string | null;
  keeps: Keeps;
  hold: StandingHold | null;
  conversation: string;
  token: string;
  box: string;
}

/** Answer of `reviewapprovals`: one's own among them. */
export interface ReviewApprovalsOk {
  type: "ok";
  ref: string;
  holds: HoldRow[];
  readings: ReadingRow[];
}

/** A reading of the last hour, or a request that waits for a second supervisor. `opened`, `letter`, `people`: of the conversation, as its row has them; `until`: the reading, or the request, lapses then. */
export interface ReadingRow {
  reading: string;
  conversation: string;
  line: string;
  opened: string;
  letter: string;
  people: string[];
  alias: string;
  own: boolean;
  reason: string;
  at: string;
  until: string;
  open: boolean;
}

/** Something about a line's keys, readings, holds, retention, or what can be read again: ask again. */
export interface ReviewOut {
  type: "review";
  line: string;
}

/** Answer of `reviews`. */
export interface ReviewsOk {
  type: "ok";
  ref: string;
  conversations: ReviewRow[];
  readings: ReadingRow[];
}

/** A conversation without content. `until`: when it is gone here; `generation`: of the key it names. `people`: aliases of those with a staff seat; `minutes`: of talk, null before it ended or if nobody came. */
export interface ReviewRow {
  conversation: string;
  opened: string;
  ended: string | null;
  state: string;
  roles: string[];
  people: string[];
  letter: string;
  risk: number;
  minutes: number | null;
  until: string | null;
  held: string | null;
  generation: number | null;
}

/** Answer of `revoke`. `waits`: another supervisor's, for which a second one has to say yes. */
export interface RevokeOk {
  type: "ok";
  ref: string;
  waits: boolean;
}

/** Answer of `rota`. `usual`: there is a usual week to fill in. */
export interface RotaOk {
  type: "ok";
  ref: string;
  days: RotaDay[];
  shifts: ShiftShown[];
  people: RotaPerson[];
  usual: boolean;
}

/** A day of the week. `closed`: the line is not open on it; `why`: a feast, a reason, or empty. */
export interface RotaDay {
  day: string;
  closed: boolean;
  why: string;
}

/** Who can be put on a shift. */
export interface RotaPerson {
  person: string;
  alias: string;
}

/** The rota of a line changed: ask anew. */
export interface RotaOut {
  type: "rota";
  line: string;
}

/** Somebody else has read up to `seq`. */
export interface SeenOut {
  type: "seen";
  conversation: string;
  by: string;
  seq: number;
}

/** Answer of `sentences`, `addsentence`, `changesentence` and `endsentence`. */
export interface SentencesOk {
  type: "ok";
  ref: string;
  sentences: SentenceShown[];
}

/** Both as in `hello`, after a change. */
export interface SentencesOut {
  type: "sentences";
  sentences: SentenceShown[];
  own_sentences: Record<string, string[]>;
}

/** Answer of `setcontact`. `waits`: a second supervisor has to say yes. */
export interface SetContactOk {
  type: "ok";
  ref: string;
  waits: boolean;
}

/** Answer of `signing`. `named`: pages name roots; without a certificate nobody takes callers. */
export interface SigningOk {
  type: "ok";
  ref: string;
  named: boolean;
  signer: SignerRow | null;
  scopes: ScopeState[];
  devices: DeviceNeeds[];
  reviews: ReviewNeeds[];
}

/** This browser's signer. */
export interface SignerRow {
  key: string;
}

/** Who may sign for a line or a service with a desk; `signers`: how many. `gone`: of these, whose device was revoked or who left, so that the root has to sign anew. */
export interface ScopeState {
  kind: "line" | "service";
  slug: string;
  name: string;
  serial: number;
  until: string;
  quorum: number;
  signers: number;
  gone: number;
  mine: boolean;
}

/** A device of their own lines. Its words are those of its key. */
export interface DeviceNeeds {
  id: string;
  state: string;
  person: string;
  alias: string;
  label: string;
  key: string;
  needs: Need[];
}

/** A line's key for reading afterwards: `signed` of `quorum` signed; `times` of that certificate. */
export interface ReviewNeeds {
  line: string;
  generation: number;
  key: string;
  need: Need;
  times: [number, number] | null;
  signed: number;
  quorum: number;
  by_me: boolean;
}

/** The second factor of one of the supervisor's people was replaced or restored: ask `replacements`. */
export interface StaffOut {
  type: "staff";
}

/** Answer of `start`. */
export interface StartOk {
  type: "ok";
  ref: string;
  conversation: string;
  member: string;
  token: string;
  shelf: string;
  epoch: number;
  review: ReviewSeat | null;
  keeps: Keeps;
}

/** A member with its key. `cert` is null where nobody certifies keys. */
export interface ReviewSeat {
  member: string;
  key: string;
  cert?: Cert | null;
}

/** People certify a key: what the caller's browser checks before it lets anybody in. Unix seconds. */
export interface Cert {
  scope: CertScope;
  not_before: number;
  not_after: number;
  sigs: SignedBy[];
}

/** Who may sign for a line or a service, signed by a root. `not_after`: Unix seconds. */
export interface CertScope {
  kind: "line" | "service";
  slug: string;
  serial: number;
  not_after: number;
  quorum: number;
  signers: string[];
  root: string;
  sig: string;
}

/** One signer's signature under a certificate. */
export interface SignedBy {
  signer: string;
  sig: string;
}

/** Answer of `sync`; the entries follow. */
export interface SyncOk {
  type: "ok";
  ref: string;
  seq: number;
}

/** Answer of `today`, oldest first. */
export interface TodayOk {
  type: "ok";
  ref: string;
  points: Point[];
}

/** A moment of a line's day. `longest` in seconds. */
export interface Point {
  at: string;
  waiting: number;
  active: number;
  on: number;
  longest: number;
}

/** Answer of `trail`. */
export interface TrailOk {
  type: "ok";
  ref: string;
  rows: TrailRow[];
}

/** A row of the audit: codes and names, no content. An empty `alias`: the system did it. `about`: whom, whose device, which line or which letter; empty where that is gone or another line's. */
export interface TrailRow {
  at: string;
  alias: string;
  action: string;
  about: string;
  detail: string;
}

/** Answer of `transcript`. `share` opens the review key, and that the wraps. With `more`, ask on. */
export interface TranscriptOk {
  type: "ok";
  ref: string;
  line: string;
  generation: number;
  public: string;
  share: string;
  entries: (OpenedEntry | JoinedEntry | GrantedEntry | MessageEntry | NoteEntry | InvitedEntry | LeftEntry | ReferredEntry | RequeuedEntry | EndedEntry)[];
  wraps: SeatWrap[];
  upto: number;
  more: boolean;
}

/** The conversation began; `by` is the caller's member. */
export interface OpenedEntry {
  kind: "opened";
  line: string;
  type?: "entry";
  conversation: string;
  seq: number;
  prev: number;
  by: string | null;
  at: string;
}

/** Somebody joined. `cert` is null for a guest by link, and where nobody certifies keys. */
export interface JoinedEntry {
  kind: "joined";
  member: string;
  role: "colleague" | "counsellor" | "partner" | "review";
  alias: string;
  key: string;
  service: string | null;
  invitation: string | null;
  cert?: Cert | null;
  type?: "entry";
  conversation: string;
  seq: number;
  prev: number;
  by: string | null;
  at: string;
}

/** A new epoch. `wrap` and `history` are set for a member it names; `wrap` is null once deleted. */
export interface GrantedEntry {
  kind: "granted";
  epoch: number;
  members: string[];
  wrap?: string | null;
  history?: HistoryWrap[];
  type?: "entry";
  conversation: string;
  seq: number;
  prev: number;
  by: string | null;
  at: string;
}

/** An earlier epoch's secret for this seat. */
export interface HistoryWrap {
  epoch: number;
  wrap: string;
}

/** A sealed message. */
export interface MessageEntry {
  kind: "message";
  id: string;
  epoch: number;
  box: string;
  type?: "entry";
  conversation: string;
  seq: number;
  prev: number;
  by: string | null;
  at: string;
}

/** A note of the line's staff. */
export interface NoteEntry {
  kind: "note";
  id: string;
  epoch: number;
  box: string;
  type?: "entry";
  conversation: string;
  seq: number;
  prev: number;
  by: string | null;
  at: string;
}

/** An invitation changed its state. `history` is null until the caller has answered. */
export interface InvitedEntry {
  kind: "invited";
  invitation: string;
  how: "consult" | "handoff" | "transfer";
  to: InvitedTo;
  brief: string | null;
  history: boolean | null;
  state: "asked" | "declined" | "expired" | "joined" | "refused" | "ringing" | "withdrawn";
  type?: "entry";
  conversation: string;
  seq: number;
  prev: number;
  by: string | null;
  at: string;
}

/** Whom an invitation is for. `guest`: comes by a link, and nobody here can verify who. */
export interface InvitedTo {
  name: string;
  service: string | null;
  guest: boolean;
}

/** Somebody left. */
export interface LeftEntry {
  kind: "left";
  member: string;
  reason: "handed_off" | "left" | "lost" | "released" | "transferred";
  type?: "entry";
  conversation: string;
  seq: number;
  prev: number;
  by: string | null;
  at: string;
}

/** The caller was given a service's contact details, as they were then. `purpose` is in the caller's words, as the line addresses them. `always`: it is open day and night; null where its hours are not known. */
export interface ReferredEntry {
  kind: "referred";
  service: string;
  name: string;
  phone: string;
  site: string;
  chat: boolean;
  purpose: string;
  purpose_en: string;
  always: boolean | null;
  type?: "entry";
  conversation: string;
  seq: number;
  prev: number;
  by: string | null;
  at: string;
}

/** Nobody of the staff is left: the caller is first in the queue. */
export interface RequeuedEntry {
  kind: "requeued";
  type?: "entry";
  conversation: string;
  seq: number;
  prev: number;
  by: string | null;
  at: string;
}

/** The conversation ended. `idle`: silent, because nobody said anything; the caller was here. */
export interface EndedEntry {
  kind: "ended";
  reason: "abandoned" | "caller" | "counsellor" | "expired" | "line_closed" | "silent";
  idle?: boolean;
  type?: "entry";
  conversation: string;
  seq: number;
  prev: number;
  by: string | null;
  at: string;
}

/** A secret of `epoch` for a review seat; below `grant` it is history. */
export interface SeatWrap {
  member: string;
  grant: number;
  epoch: number;
  wrap: string;
}

/** Somebody else is typing. */
export interface TypingOut {
  type: "typing";
  conversation: string;
  by: string;
}

/** Answer of `wording`, `setwording` and `dropwording`: editions, newest first. `standard`: what the release says. `services`: names of those that have a number and are the line's; `phones`: their numbers. */
export interface WordingOk {
  type: "ok";
  ref: string;
  standard: WordingShown;
  editions: EditionShown[];
  services: Record<string, string>;
  phones: Record<string, string>;
}

/** As in `setwording`. */
export interface WordingShown {
  is_for: SaidShown;
  danger: SaidShown;
  tips: SaidShown[];
  numbers: NumberShown[];
}

/** As in `setwording`. */
export interface SaidShown {
  nl: string;
  en: string;
}

/** As in `setwording`. */
export interface NumberShown {
  service: string;
  says: SaidShown;
  always: boolean;
  acute: boolean;
}

/** `by`: an alias. `state`: coming, now or past. `wording` null: as the release has it. */
export interface EditionShown {
  edition: number;
  begins: string;
  by: string;
  state: string;
  wording: WordingShown | null;
}

export interface CallerRequests {
  beat: Beat;
  consent: Consent;
  erase: Erase;
  grant: Grant;
  keepcode: KeepCode;
  leave: CallerLeave;
  post: CallerPost;
  resume: Resume;
  return: Return;
  seen: CallerSeen;
  start: Start;
  sync: CallerSync;
  typing: CallerTyping;
}

export interface CallerReplies {
  beat: Ok;
  consent: Ok;
  erase: EraseOk;
  grant: GrantOk;
  keepcode: Ok;
  leave: Ok;
  post: PostOk;
  resume: ResumeOk;
  return: ReturnOk;
  seen: Ok;
  start: StartOk;
  sync: SyncOk;
  typing: Ok;
}

export type CallerFrame =
  | BeatOut
  | CallerQueueOut
  | FeedbackOut
  | HeldOut
  | NoticeOut
  | PresenceOut
  | SeenOut
  | TypingOut
  | OpenedEntry
  | JoinedEntry
  | GrantedEntry
  | MessageEntry
  | NoteEntry
  | InvitedEntry
  | LeftEntry
  | ReferredEntry
  | RequeuedEntry
  | EndedEntry;

export interface ConsoleRequests {
  addcode: AddCode;
  addsentence: AddSentence;
  addshift: AddShift;
  advice: Advice;
  alerting: Alerting;
  allow: Allow;
  answer: Answer;
  approvals: Approvals;
  approve: Approve;
  beat: Beat;
  beginning: Beginning;
  carried: Carried;
  certify: Certify;
  certifykey: CertifyKey;
  changesentence: ChangeSentence;
  changeshift: ChangeShift;
  close: Close;
  confirm: Confirm;
  confirmapproval: ConfirmApproval;
  contacts: Contacts;
  countcontact: CountContact;
  debrief: Debrief;
  debriefed: Debriefed;
  debriefs: Debriefs;
  devices: Devices;
  drop: Drop;
  dropapproval: DropApproval;
  dropreading: DropReading;
  dropshift: DropShift;
  dropwording: DropWording;
  duty: Duty;
  end: End;
  endcode: EndCode;
  endsentence: EndSentence;
  enrol: Enrol;
  fillweek: FillWeek;
  flag: Flag;
  floor: Floor;
  front: Front;
  handover: Handover;
  hello: Hello;
  hold: Hold;
  holds: Holds;
  hours: Hours;
  invite: Invite;
  keeping: Keeping;
  keepusual: KeepUsual;
  keys: Keys;
  leave: Leave;
  line: Line;
  lineprotocol: LineProtocol;
  listen: Listen;
  makekey: MakeKey;
  makesigner: MakeSigner;
  next: Next;
  note: Note;
  numbersread: NumbersRead;
  onshift: OnShift;
  open: Open;
  overdue: Overdue;
  owncodes: OwnCodes;
  ownsentences: OwnSentences;
  post: Post;
  practise: Practise;
  prove: Prove;
  puton: PutOn;
  read: Read;
  refer: Refer;
  replacements: Replacements;
  rest: Rest;
  reviewapprovals: ReviewApprovals;
  reviews: Reviews;
  revoke: Revoke;
  rota: Rota;
  seen: Seen;
  seenflag: SeenFlag;
  sentences: Sentences;
  setalerting: SetAlerting;
  setcontact: SetContact;
  sethours: SetHours;
  setlimits: SetLimits;
  setwording: SetWording;
  sharekey: ShareKey;
  signing: Signing;
  step: Step;
  sync: Sync;
  takeoff: TakeOff;
  takeover: Takeover;
  takepractice: TakePractice;
  today: Today;
  trail: Trail;
  transcript: Transcript;
  typing: Typing;
  undoreplacement: UndoReplacement;
  unserious: Unserious;
  watch: Watch;
  withdraw: Withdraw;
  wording: Wording;
  wrapup: WrapUp;
}

export interface ConsoleReplies {
  addcode: OwnCodesOk;
  addsentence: SentencesOk;
  addshift: Ok;
  advice: AdviceOk;
  alerting: AlertingOk;
  allow: Ok;
  answer: AnswerOk;
  approvals: ApprovalsOk;
  approve: Ok;
  beat: Ok;
  beginning: BeginningOk;
  carried: CarriedOk;
  certify: Ok;
  certifykey: Ok;
  changesentence: SentencesOk;
  changeshift: Ok;
  close: Ok;
  confirm: HoldOk;
  confirmapproval: Ok;
  contacts: ContactsOk;
  countcontact: Ok;
  debrief: Ok;
  debriefed: Ok;
  debriefs: DebriefsOk;
  devices: DevicesOk;
  drop: Ok;
  dropapproval: Ok;
  dropreading: Ok;
  dropshift: Ok;
  dropwording: WordingOk;
  duty: DutyOk;
  end: Ok;
  endcode: OwnCodesOk;
  endsentence: SentencesOk;
  enrol: EnrolOk;
  fillweek: FillWeekOk;
  flag: Ok;
  floor: Ok;
  front: Ok;
  handover: HandoverOk;
  hello: HelloOk;
  hold: HoldOk;
  holds: HoldsOk;
  hours: HoursOk;
  invite: InviteOk;
  keeping: KeepingOk;
  keepusual: KeepUsualOk;
  keys: KeysOk;
  leave: Ok;
  line: Ok;
  lineprotocol: LineProtocolOk;
  listen: Ok;
  makekey: MakeKeyOk;
  makesigner: Ok;
  next: NextOk;
  note: PostOk;
  numbersread: Ok;
  onshift: OnShiftOk;
  open: OpenOk;
  overdue: OverdueOk;
  owncodes: OwnCodesOk;
  ownsentences: Ok;
  post: PostOk;
  practise: PractiseOk;
  prove: ProveOk;
  puton: Ok;
  read: ReadOk;
  refer: ReferOk;
  replacements: ReplacementsOk;
  rest: Ok;
  reviewapprovals: ReviewApprovalsOk;
  reviews: ReviewsOk;
  revoke: RevokeOk;
  rota: RotaOk;
  seen: Ok;
  seenflag: Ok;
  sentences: SentencesOk;
  setalerting: AlertingOk;
  setcontact: SetContactOk;
  sethours: HoursOk;
  setlimits: CarriedOk;
  setwording: WordingOk;
  sharekey: Ok;
  signing: SigningOk;
  step: Ok;
  sync: SyncOk;
  takeoff: Ok;
  takeover: NextOk;
  takepractice: NextOk;
  today: TodayOk;
  trail: TrailOk;
  transcript: TranscriptOk;
  typing: Ok;
  undoreplacement: Ok;
  unserious: Ok;
  watch: Ok;
  withdraw: Ok;
  wording: WordingOk;
  wrapup: Ok;
}

export type ConsoleFrame =
  | AllowedOut
  | ApprovalsOut
  | BeatOut
  | BoardOut
  | CareOut
  | CodesOut
  | ColleaguesOut
  | DebriefsOut
  | DeviceOut
  | DutyOut
  | FlaggedOut
  | FloorOut
  | GoneOut
  | HandoverOut
  | InvitationOut
  | ListenOut
  | NoticeOut
  | PresenceOut
  | QueueOut
  | RestOut
  | ReviewOut
  | RotaOut
  | SeenOut
  | SentencesOut
  | StaffOut
  | TypingOut
  | OpenedEntry
  | JoinedEntry
  | GrantedEntry
  | MessageEntry
  | NoteEntry
  | InvitedEntry
  | LeftEntry
  | ReferredEntry
  | RequeuedEntry
  | EndedEntry;

export interface DeskRequests {
  beat: Beat;
  close: Close;
  desk: Desk;
  leave: Leave;
  open: Open;
  post: Post;
  prove: Prove;
  seen: Seen;
  sync: Sync;
  typing: Typing;
}

export interface DeskReplies {
  beat: Ok;
  close: Ok;
  desk: DeskOk;
  leave: Ok;
  open: OpenOk;
  post: PostOk;
  prove: Ok;
  seen: Ok;
  sync: SyncOk;
  typing: Ok;
}

export type DeskFrame =
  | AllowedOut
  | BeatOut
  | NoticeOut
  | PresenceOut
  | SeenOut
  | TypingOut
  | OpenedEntry
  | JoinedEntry
  | GrantedEntry
  | MessageEntry
  | NoteEntry
  | InvitedEntry
  | LeftEntry
  | ReferredEntry
  | RequeuedEntry
  | EndedEntry;
