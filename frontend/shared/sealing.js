// This is the only file in the browser that touches keys, and so the one to audit; that is why it is longer
// than 300 lines. Sealing version 1, fixed bytes: tests/vectors/sealing-v1.json. HPKE is RFC 9180 (base mode,
// single shot), HKDF RFC 5869, AES-GCM NIST SP 800-38D. Ids, members, keys, wraps and boxes are canonical
// base64url, as on the wire; integers are big-endian.

/** @typedef {Uint8Array<ArrayBuffer>} Bytes */
/** @typedef {"message" | "intake" | "note" | "brief" | "case"} Kind */
/** @typedef {"counsellor" | "colleague" | "partner" | "review" | "letters"} Role */
/** @typedef {{member: string, role: Role, key: string}} Seat  member: 8 bytes; key: point of 65 bytes */
/** @typedef {{conversation: string, epoch: number, seats: readonly Seat[]}} Roster  all who are granted the epoch */
/** @typedef {{conversation: string, epoch: number, sender: string, secret: Secret}} Place  where a text is sealed */
/** @typedef {Readonly<{id: string, kind: Kind, text: string, epoch: number, box: string}>} Item  sent as it is */
/** @typedef {{conversation: string, seq: number, kind: string, by: string | null, id: string, epoch: number, box: string}} Entry */
/**
 * What the reader's log says just before an entry. Open entries one by one in order of `seq`, and note the id
 * of each that opened: two at once would not see each other's id.
 * @typedef {object} Log
 * @property {string} conversation
 * @property {string} caller  the caller's member
 * @property {number} granted  epoch of the last `granted`, 0 if there is none
 * @property {ReadonlySet<string>} named  the members of that `granted`
 * @property {ReadonlySet<string>} present  members that joined and have not left
 * @property {(sender: string, id: string) => number | undefined} seqOf  where this sender's id opened already
 * @property {(epoch: number) => Secret | undefined} secretOf
 */

/** A box or wrap is shown as "could not be verified". The message gives developers the reason. */
export class Refused extends Error {}
/** The seat was never given this epoch. It is no fault: the page shows "from before you could read". */
export class NoSecret extends Error {}
/** The text has more than MAX_TEXT_BYTES in UTF-8. */
export class TooLong extends Error {}

export const MAX_TEXT_BYTES = 8190;
const BUCKETS = [256, 512, 1024, 2048, 4096, 8192];
const [HEADER, COMMITMENT, TAG, POINT] = [48, 32, 16, 65];
/** @type {readonly Kind[]} */
const KINDS = ["message", "intake", "note", "brief", "case"]; // numbered 1 to 5 in a box
/** @type {readonly Role[]} */
const ROLES = ["counsellor", "colleague", "partner", "review", "letters"]; // numbered 1 to 5 in a roster
const P256 = { name: "ECDH", namedCurve: "P-256" };

/** @type {WeakMap<Secret, Bytes>} */
const bytesOf = new WeakMap();

/** Holds an epoch's 32 bytes outside the object, so that no log, JSON or state viewer shows them. */
export class Secret {
  /** @param {Bytes} bytes */
  constructor(bytes) {
    must(bytes.length === 32, "a secret has 32 bytes");
    bytesOf.set(this, bytes.slice());
  }
}
/** @param {Secret} secret */
const raw = (secret) => /** @type {Bytes} */ (bytesOf.get(secret));
export const freshSecret = () => new Secret(random(32));
/** Returns a random id, which opens nothing by itself. @param {number} size */
export const freshId = (size) => toBase64url(random(size));
/** @param {number} size */
export const freshHex = (size) =>
  Array.from(random(size), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** @type {Promise<import("../vendor/hpke.js").CipherSuite> | null} */
let suite = null;

/**
 * Loads HPKE. Only wraps need it, so it is not in the caller's first load: nobody has joined yet. After a
 * failure the next call fetches it again.
 */
export function hpke() {
  suite ??= import("../vendor/hpke.js").then(
    ({ Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 }) =>
      new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() }),
    (error) => {
      suite = null;
      throw error;
    },
  );
  return suite;
}

// Wraps, 113 bytes: an epoch's secret for one member. One that does not open throws Refused.

/** @param {Secret} secret @param {string} member  one of the roster @param {Roster} roster */
export async function wrapFor(secret, member, roster) {
  const seat = roster.seats.find((one) => one.member === member);
  if (!seat) throw new Refused("a wrap for somebody outside the roster");
  return hpkeSeal(secret, seat.key, await wrapInfo(member, roster));
}

/** @param {string} wrap @param {CryptoKeyPair} pair @param {string} member  whose wrap it is @param {Roster} roster  as the page shows it */
export async function openWrap(wrap, pair, member, roster) {
  return hpkeOpen(wrap, pair, await wrapInfo(member, roster));
}

/** Wraps an earlier epoch's secret for a newcomer. @param {Secret} secret @param {Omit<Seat, "role">} seat @param {string} conversation @param {number} epoch */
export async function historyFor(secret, { member, key }, conversation, epoch) {
  return hpkeSeal(secret, key, historyInfo(member, conversation, epoch));
}

/** @param {string} wrap @param {CryptoKeyPair} pair @param {string} member @param {string} conversation @param {number} epoch */
export async function openHistory(wrap, pair, member, conversation, epoch) {
  return hpkeOpen(wrap, pair, historyInfo(member, conversation, epoch));
}

/** Hashes all who are let in: if the server hides a member from one side, that side's wraps fail. @param {Roster} roster */
export async function rosterHash({ conversation, epoch, seats }) {
  // Rows are sorted as bytes, because base64url letters have another order.
  const rows = seats.map(rosterRow).sort((a, b) => (isBelow(a, b) ? -1 : 1));
  return sha256(ascii("hl1 roster"), place(conversation, epoch), ...rows);
}

/** @param {Seat} seat */
function rosterRow({ member, role, key }) {
  must(ROLES.includes(role), "a role that is not known");
  return join(fromBase64url(member, 8), Uint8Array.of(ROLES.indexOf(role) + 1), pointBytes(key));
}

/** @param {string} member @param {Roster} roster */
async function wrapInfo(member, roster) {
  const where = place(roster.conversation, roster.epoch);
  return join(ascii("hl1 wrap"), where, fromBase64url(member, 8), await rosterHash(roster));
}

/** @param {string} member @param {string} conversation @param {number} epoch */
const historyInfo = (member, conversation, epoch) =>
  join(ascii("hl1 hist"), place(conversation, epoch), fromBase64url(member, 8));

/** @param {Secret} secret @param {string} key @param {Bytes} info */
async function hpkeSeal(secret, key, info) {
  const recipientPublicKey = await importPoint(key);
  const { enc, ct } = await (await hpke()).seal({ recipientPublicKey, info }, raw(secret));
  return toBase64url(join(new Uint8Array(enc), new Uint8Array(ct)));
}

/** @param {string} wrap @param {CryptoKeyPair} pair @param {Bytes} info */
async function hpkeOpen(wrap, pair, info) {
  const bytes = fromBase64url(wrap, POINT + 32 + TAG);
  // From the private key alone the library would derive the point by an export, which our keys forbid.
  const params = { recipientKey: pair, enc: bytes.slice(0, POINT), info };
  const plain = await (await hpke())
    .open(params, bytes.slice(POINT))
    .catch(refuse("a wrap that does not open"));
  return new Secret(new Uint8Array(plain));
}

/**
 * Seals a new text. Ids are drawn here only: two texts with one id and epoch would share key and nonce.
 * @param {Kind} kind @param {string | object} content  an object for an intake, a note or a case, else text
 * @param {Place} where @throws {TooLong}
 */
export async function seal(kind, content, where) {
  const text = typeof content === "string" ? content : JSON.stringify(content);
  return reseal({ id: toBase64url(random(16)), kind, text }, where);
}

/**
 * Seals the same text for another epoch, after `stale_epoch` only. In its own epoch an item stays as it is.
 * @param {Item | Pick<Item, "id" | "kind" | "text">} item @param {Place} where
 * @returns {Promise<Item>} @throws {TooLong}
 */
export async function reseal(item, { conversation, epoch, sender, secret }) {
  if ("box" in item && item.epoch === epoch) return item;
  const { id, kind, text } = item;
  const start = Uint8Array.of(1, 1, KINDS.indexOf(kind) + 1, 0);
  const header = join(start, place(conversation, epoch), fromBase64url(sender, 8), fromBase64url(id, 16));
  const { key, commitment, gcm } = await derive(secret, header);
  const ciphertext = new Uint8Array(await crypto.subtle.encrypt(gcm, key, pad(text)));
  return Object.freeze({ id, kind, text, epoch, box: toBase64url(join(header, commitment, ciphertext)) });
}

/**
 * Opens a box that the server sent. It trusts only the reader's own log.
 * @param {Entry} entry @param {Log} log
 * @returns {Promise<{kind: Kind, text: string}>} @throws {Refused | NoSecret}
 */
export async function open(entry, log) {
  const box = fromBase64url(entry.box);
  const { kind, conversation, epoch, sender, id } = readHeader(box);
  must(conversation === log.conversation && conversation === entry.conversation, "another conversation");
  must(epoch === entry.epoch && id === entry.id && sender === entry.by, "header and entry differ");
  must(epoch === log.granted, "an epoch that is not the last one granted");
  const fromCaller = sender === log.caller;
  must(fromCaller || (log.named.has(sender) && log.present.has(sender)), "a sender who is not here");
  must(kindFits(kind, entry.kind, fromCaller), "a kind that does not fit the entry");
  must((log.seqOf(sender, id) ?? entry.seq) === entry.seq, "an id used before");
  const secret = log.secretOf(epoch);
  if (!secret) throw new NoSecret();
  return { kind, text: await decrypt(box, secret) };
}

/** Opens this tab's own box, kept over a reload: a draft, or an item not stored yet. @param {string} box @param {Place} where @returns {Promise<Item>} @throws {Refused} */
export async function openOwn(box, where) {
  const bytes = fromBase64url(box);
  const { id, kind, conversation, epoch, sender } = readHeader(bytes);
  must(
    conversation === where.conversation && epoch === where.epoch && sender === where.sender,
    "not one's own",
  );
  return Object.freeze({ id, kind, text: await decrypt(bytes, where.secret), epoch, box });
}

/** @param {Kind} kind @param {string} entry @param {boolean} fromCaller */
function kindFits(kind, entry, fromCaller) {
  if (entry === "note") return kind === "note" && !fromCaller;
  return entry === "message" && ["message", "case", fromCaller ? "intake" : "brief"].includes(kind);
}

/** @param {Bytes} box */
function readHeader(box) {
  must(BUCKETS.includes(box.length - HEADER - COMMITMENT - TAG), "a size that is not one of the six");
  const kind = KINDS[box[2] - 1];
  must(box[0] === 1 && box[1] === 1 && box[3] === 0 && kind !== undefined, "version, suite, kind or byte 3");
  const [conversation, sender, id] = [box.slice(4, 20), box.slice(24, 32), box.slice(32, 48)].map(
    toBase64url,
  );
  return { kind, conversation, epoch: new DataView(box.buffer).getUint32(20), sender, id };
}

/** @param {Bytes} box @param {Secret} secret */
async function decrypt(box, secret) {
  const { key, commitment, gcm } = await derive(secret, box.slice(0, HEADER));
  // GCM does not commit to a key: without this, one ciphertext could read differently under two secrets.
  must(sameBytes(commitment, box.slice(HEADER, HEADER + COMMITMENT)), "a commitment that differs");
  const opening = crypto.subtle.decrypt(gcm, key, box.slice(HEADER + COMMITMENT));
  return unpad(new Uint8Array(await opening.catch(refuse("a box that does not open"))));
}

/** Derives 76 bytes: key, nonce, commitment. @param {Secret} secret @param {Bytes} header */
async function derive(secret, header) {
  const material = await crypto.subtle.importKey("raw", raw(secret), "HKDF", false, ["deriveBits"]);
  const info = join(ascii("hl1 msg"), header);
  const hkdf = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(32), info };
  const okm = new Uint8Array(await crypto.subtle.deriveBits(hkdf, material, 76 * 8));
  const gcm = { name: "AES-GCM", iv: okm.slice(32, 44), additionalData: header };
  return { key: await aesKey(okm.slice(0, 32)), commitment: okm.slice(44), gcm };
}

/** Pads to a bucket: length(2) ‖ UTF-8 ‖ zeros, so that one character and 200 look alike. @param {string} text */
function pad(text) {
  const utf8 = new TextEncoder().encode(text);
  const bucket = BUCKETS.find((size) => size >= 2 + utf8.length);
  if (!bucket) throw new TooLong(`${utf8.length} bytes`);
  return join(Uint8Array.of(utf8.length >> 8, utf8.length), utf8, new Uint8Array(bucket - 2 - utf8.length));
}

/** @param {Bytes} padded */
function unpad(padded) {
  const end = 2 + new DataView(padded.buffer).getUint16(0);
  must(end <= padded.length && !padded.slice(end).some(Boolean), "length or padding");
  try {
    // A BOM is text: without ignoreBOM the decoder would drop it, and two boxes would read alike.
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(padded.slice(2, end));
  } catch {
    throw new Refused("bad UTF-8");
  }
}

// Device keys: the key of a staff member's browser, or of a guest for one conversation.

/** Makes a non-extractable key: a script can use it while it runs, but not copy it. @returns {Promise<CryptoKeyPair>} */
export const makeDeviceKey = () => crypto.subtle.generateKey(P256, false, ["deriveBits"]);

/** Returns the 65 bytes of the wire. @param {CryptoKeyPair} pair */
export const pointOf = async ({ publicKey }) =>
  toBase64url(new Uint8Array(await crypto.subtle.exportKey("raw", publicKey)));

/** Returns whether a key is an uncompressed point on the curve. Check it before a grant. @param {string} key */
export const isPoint = (key) => importPoint(key).then(Boolean, () => false);

/** @param {string} key */
const importPoint = async (key) =>
  crypto.subtle.importKey("raw", pointBytes(key), P256, true, []).catch(refuse("a point off the curve"));

/** @param {string} key */
function pointBytes(key) {
  const point = fromBase64url(key, POINT);
  must(point[0] === 4, "a point that is not uncompressed");
  return point;
}

/**
 * Opens the server's challenge for a key. The secret, sent back, proves that the key is here.
 * @param {string} box @param {CryptoKeyPair} pair @param {string} name  the device's id, or a guest's member
 * @returns {Promise<string>} the secret, as `prove` takes it @throws {Refused} sealed for another key or name
 */
export async function openProof(box, pair, name) {
  const info = join(ascii("hl1 prove"), await sha256(new TextEncoder().encode(name)));
  return toBase64url(raw(await hpkeOpen(box, pair, info)));
}

/** Returns 88 bits (11 bytes) of SHA-256("hl1 device" ‖ key), to compare by voice as 8 words. @param {string} key */
export const fingerprint = async (key, what = "device") =>
  (await sha256(ascii(`hl1 ${what}`), pointBytes(key))).slice(0, 11);

/**
 * Stores a key in IndexedDB (no other store takes it), unless another tab has stored one. Returns the stored key.
 * @param {string} name @param {CryptoKeyPair} made @param {string} [old]  the point of the key that it replaces
 * @returns {Promise<CryptoKeyPair>}
 */
export async function keepKey(name, made, old) {
  const point = await pointOf(made);
  // The halves are stored one by one: in older Safari, CryptoKeyPair is a class and cannot be cloned.
  const row = { publicKey: made.publicKey, privateKey: made.privateKey, point };
  const found = await inStore("readwrite", (store) => {
    const reading = store.get(name);
    reading.onsuccess = () => [undefined, old].includes(reading.result?.point) && store.put(row, name);
    return reading;
  });
  return [undefined, old].includes(found?.point) ? made : found;
}

/** @param {string} name @returns {Promise<CryptoKeyPair | undefined>} */
export const loadKey = (name) => inStore("readonly", (store) => store.get(name));

/** @param {string} name */
export const deleteKey = (name) => inStore("readwrite", (store) => store.delete(name));

/** @param {IDBTransactionMode} mode @param {(store: IDBObjectStore) => IDBRequest} act */
async function inStore(mode, act) {
  const opening = indexedDB.open("helpline", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("keys");
  const database = await new Promise((done, fail) => {
    opening.onsuccess = () => done(opening.result);
    opening.onerror = () => fail(opening.error);
  });
  const transaction = database.transaction("keys", mode);
  const request = act(transaction.objectStore("keys"));
  // A request succeeds before the commit, which may still fail on a full disk.
  return new Promise((done, fail) => {
    transaction.oncomplete = () => done(request.result);
    transaction.onabort = () => fail(transaction.error);
  }).finally(() => database.close());
}

// A line's keys for review and letters: made in a supervisor's browser, with a share of 113 bytes sealed for
// each device

/** @typedef {{line: string, generation: number, key: string, use?: "review" | "letters"}} LineKey  key: the public point; use: review by default */

/**
 * Makes the next generation. The private half leaves this call only sealed.
 * @param {string} line @param {number} generation @param {CryptoKeyPair} own  this browser's device @param {"review" | "letters"} [use]
 * @returns {Promise<LineKey & {share: string}>}
 */
export async function makeLineKey(line, generation, own, use) {
  const { publicKey, privateKey } = await crypto.subtle.generateKey(P256, true, ["deriveBits"]);
  const key = toBase64url(new Uint8Array(await crypto.subtle.exportKey("raw", publicKey)));
  const { d = "" } = await crypto.subtle.exportKey("jwk", privateKey);
  const made = { line, generation, key, ...(use && { use }) };
  const share = await hpkeSeal(new Secret(fromBase64url(d, 32)), await pointOf(own), await keyInfo(made));
  return { ...made, share };
}

/**
 * Seals this device's share for another device. Call it only after its eight words were compared by voice.
 * @param {string} share @param {CryptoKeyPair} own @param {LineKey} shared @param {string} device  its public key
 */
export async function shareLineKey(share, own, shared, device) {
  const info = await keyInfo(shared);
  return hpkeSeal(await hpkeOpen(share, own, info), device, info);
}

/** Opens a share as a non-extractable key. @param {string} share @param {CryptoKeyPair} own @param {LineKey} opened @returns {Promise<CryptoKeyPair>} @throws {Refused} */
export async function openLineKey(share, own, opened) {
  const scalar = raw(await hpkeOpen(share, own, await keyInfo(opened)));
  const point = pointBytes(opened.key);
  const [x, y, d] = [point.slice(1, 33), point.slice(33), scalar].map(toBase64url);
  const jwk = { kty: "EC", crv: "P-256", x, y, d };
  const importing = crypto.subtle.importKey("jwk", jwk, P256, false, ["deriveBits"]);
  const privateKey = await importing.catch(refuse("a scalar of another point"));
  return { privateKey, publicKey: await importPoint(opened.key) };
}

/** @param {LineKey} of */
async function keyInfo({ line, generation, key, use = "review" }) {
  const kind = use === "letters" ? Uint8Array.of(1) : new Uint8Array();
  return join(ascii(`hl1 ${use}`), kind, await sha256(ascii(line)), uint32(generation), pointBytes(key));
}

/** Hashes a letter's two keys for the return box, so that after a return a browser accepts no others. @param {string} letters @param {string} review */
export const seatsRow = async (letters, review) =>
  new Secret(await sha256(ascii("hl1 seats"), pointBytes(letters), pointBytes(review)));
/** Takes the place of an epoch in that row. */
export const SEATS = 2 ** 32 - 1;

/** @param {Secret} one @param {Secret} other */
export const isSame = (one, other) => sameBytes(raw(one), raw(other));

// The shelf: the caller's secrets in sessionStorage, under a 32-byte key that the server deletes after the
// end

/** @param {string} shelf @param {ReadonlyMap<number, Secret>} secrets  by epoch */
export async function sealUnderShelf(shelf, secrets) {
  const gcm = { name: "AES-GCM", iv: random(12) };
  const sealed = await crypto.subtle.encrypt(gcm, await aesKey(fromBase64url(shelf, 32)), rowsOf(secrets));
  return toBase64url(join(gcm.iv, new Uint8Array(sealed)));
}

/** @param {string} shelf @param {string} sealed @throws {Refused} */
export async function openFromShelf(shelf, sealed) {
  const bytes = fromBase64url(sealed);
  const gcm = { name: "AES-GCM", iv: bytes.slice(0, 12) };
  const opening = crypto.subtle.decrypt(gcm, await aesKey(fromBase64url(shelf, 32)), bytes.slice(12));
  return secretsIn(await opening.catch(refuse("another shelf")));
}

/** @param {Iterable<[number, Secret]>} secrets */
const rowsOf = (secrets) => join(...[...secrets].flatMap(([epoch, secret]) => [uint32(epoch), raw(secret)]));

/** @param {ArrayBuffer} rows */
function secretsIn(rows) {
  must(rows.byteLength % 36 === 0, "half a row");
  /** @type {Map<number, Secret>} */
  const secrets = new Map();
  for (let at = 0; at < rows.byteLength; at += 36)
    secrets.set(new DataView(rows).getUint32(at), new Secret(new Uint8Array(rows, at + 4, 32)));
  return secrets;
}

const TAB = "hl1 tab"; // so that a shelf never opens as a tab

/** @param {string} shelf @param {string} text */
export async function sealTab(shelf, text) {
  const gcm = { name: "AES-GCM", iv: random(12), additionalData: ascii(TAB) };
  const words = new TextEncoder().encode(text);
  const sealed = await crypto.subtle.encrypt(gcm, await aesKey(fromBase64url(shelf, 32)), words);
  return toBase64url(join(gcm.iv, new Uint8Array(sealed)));
}

/** @param {string} shelf @param {string} sealed @throws {Refused} */
export async function openTab(shelf, sealed) {
  const bytes = fromBase64url(sealed);
  const gcm = { name: "AES-GCM", iv: bytes.slice(0, 12), additionalData: ascii(TAB) };
  const opening = crypto.subtle.decrypt(gcm, await aesKey(fromBase64url(shelf, 32)), bytes.slice(12));
  return new TextDecoder().decode(await opening.catch(refuse("another shelf")));
}

// A return code: the server checks one half of it; the other half opens the secrets, which the server cannot
// read

const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; // Crockford's base 32: no two look alike
const CODE_LETTERS = 20; // 100 bits
const MAX_RETURNED = 300; // the newest secrets: a frame holds no more

export const freshCode = () => Array.from(random(CODE_LETTERS), (byte) => LETTERS[byte & 31]).join("");

/** Returns the code that was meant, or null. @param {string} typed */
export function readCode(typed) {
  const meant = typed.toUpperCase().replace(/[\s-]/g, "").replaceAll("O", "0").replace(/[IL]/g, "1");
  const fits = meant.length === CODE_LETTERS && [...meant].every((letter) => LETTERS.includes(letter));
  return fits ? meant : null;
}

/** @param {string} code */
export const serverHalf = async (code) => toBase64url(await half(code, "hl1 return token"));

/** @param {string} code @param {string} conversation @param {ReadonlyMap<number, Secret>} secrets */
export async function sealForReturn(code, conversation, secrets) {
  const gcm = { name: "AES-GCM", iv: random(12), additionalData: returnPlace(conversation) };
  const newest = [...secrets].sort(([a], [b]) => a - b).slice(-MAX_RETURNED);
  const key = await aesKey(await half(code, "hl1 return key"));
  const sealed = new Uint8Array(await crypto.subtle.encrypt(gcm, key, rowsOf(newest)));
  const hash = await sha256(await half(code, "hl1 return token"));
  return { hash: toBase64url(hash), box: toBase64url(join(gcm.iv, sealed)) };
}

/** @param {string} code @param {string} conversation @param {string} box @throws {Refused} */
export async function openReturn(code, conversation, box) {
  const bytes = fromBase64url(box);
  const gcm = { name: "AES-GCM", iv: bytes.slice(0, 12), additionalData: returnPlace(conversation) };
  const key = await aesKey(await half(code, "hl1 return key"));
  const opening = crypto.subtle.decrypt(gcm, key, bytes.slice(12));
  return secretsIn(await opening.catch(refuse("another code")));
}

/** @param {string} conversation */
const returnPlace = (conversation) => join(ascii("hl1 return"), fromBase64url(conversation, 16));

/** @param {string} code @param {string} label */
async function half(code, label) {
  const material = await crypto.subtle.importKey("raw", ascii(code), "HKDF", false, ["deriveBits"]);
  const hkdf = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(32), info: ascii(label) };
  return new Uint8Array(await crypto.subtle.deriveBits(hkdf, material, 256));
}

// Certificates: people sign the keys that may be members, so that database access cannot add one. ECDSA: FIPS
// 186-5

/** @typedef {{roots: readonly string[], serial: number}} Trust  what the page names: points, and the lowest serial */
/** @typedef {{use: "device" | "review" | "letters", kind: "line" | "service", slug: string, key: string}} Wanted */

const DAY = 86_400;
/** By use: its number, and the most days for which a key is certified. */
const USES = { device: [1, 100], review: [2, 400], letters: [3, 35] };
const ECDSA = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/** Returns whether a `joined` key is certified: a partner's for the service, any other for the line. @param {Pick<Seat, "role" | "key"> & {service: string | null, cert?: unknown, at: string}} seat @param {string} line @param {Trust} trust @param {number} clock  milliseconds */
export function isSeatCertified({ role, key, service, cert, at }, line, trust, clock) {
  const [use, kind] = [role in USES ? role : "device", role === "partner" ? "service" : "line"];
  const wanted = /** @type {Wanted} */ ({ use, kind, slug: role === "partner" ? service : line, key });
  const [then, now] = [Date.parse(at), clock].map((ms) => Math.floor(ms / 1000));
  return isCertified(cert, wanted, trust, atTheClock(then, now));
}

/** Limits a time to thirty days from this clock. @param {number} at @param {number} clock  seconds */
export const atTheClock = (at, clock) => Math.max(clock - 30 * DAY, Math.min(clock + 30 * DAY, at));

/** Returns false for a malformed certificate, and never throws. @param {unknown} cert @param {Wanted} wanted @param {Trust} trust @param {number} at */
export const isCertified = (cert, wanted, trust, at) => judge(cert, wanted, trust, at).catch(() => false);

/** @param {unknown} cert @param {Wanted} wanted @param {Trust} trust @param {number} at */
async function judge(cert, wanted, trust, at) {
  const [scope, from, until, sigs] = fields(cert, "scope not_before not_after sigs");
  const names = "kind slug serial not_after quorum signers root sig";
  const [kind, slug, serial, ends, quorum, signers, root, sig] = fields(scope, names);
  const [, days] = USES[wanted.use];
  /** @type {Bytes[]} */
  const points = signers.map(pointBytes);
  const holds =
    [from, until, serial, ends, quorum].every((one) => Number.isSafeInteger(one) && one >= 0) &&
    [kind, slug].join() === [wanted.kind, wanted.slug].join() &&
    trust.roots.includes(root) &&
    trust.serial <= serial &&
    serial < 2 ** 32 &&
    at < ends &&
    ends <= at + 430 * DAY &&
    from <= at + 300 &&
    at < until &&
    until - from <= days * DAY &&
    Math.max(points.length, sigs.length) <= 16 &&
    quorum > 0 &&
    quorum <= Math.min(2, points.length) &&
    points.every((one, n) => !n || isBelow(points[n - 1], one));
  must(holds, "certificate");
  const keys = await Promise.all(signers.map(verifier));
  const rest = join(uint32(serial), uint64(ends), Uint8Array.of(quorum, points.length), ...points);
  const signedScope = join(ascii("hl1 scope"), await ofScope(wanted), rest);
  must(await isSigned(await verifier(root), signedScope, fromBase64url(sig, 64)), "scope");
  const signed = await certificate(wanted, from, until);
  const good = new Set();
  for (const one of sigs) {
    const [signer, by] = fields(one, "signer sig").map((text) => fromBase64url(text));
    const place = signers.indexOf(toBase64url(signer));
    if (place >= 0 && (await isSigned(keys[place], signed, by))) good.add(place);
  }
  return good.size >= (wanted.use === "device" ? 1 : quorum);
}

/** @param {any} told @param {string} names @returns {any[]} */
function fields(told, names) {
  const wanted = names.split(" ");
  must(Object.keys(told).sort().join() === [...wanted].sort().join(), "fields");
  return wanted.map((name) => told[name]);
}

/** @param {Wanted} wanted */
const ofScope = async ({ kind, slug }) =>
  join(Uint8Array.of(kind === "line" ? 1 : 2), await sha256(ascii(slug)));

/** @param {Wanted} wanted @param {number} from @param {number} until */
async function certificate(wanted, from, until) {
  const use = Uint8Array.of(USES[wanted.use][0]);
  const times = join(uint64(from), uint64(until));
  return join(ascii("hl1 cert"), use, await ofScope(wanted), pointBytes(wanted.key), times);
}

/** @param {string} key */
const verifier = (key) => crypto.subtle.importKey("raw", pointBytes(key), ECDSA, true, ["verify"]);

/** @param {CryptoKey} key @param {Bytes} signed @param {Bytes} sig */
const isSigned = (key, signed, sig) => crypto.subtle.verify(ECDSA, key, sig, signed);

/** @returns {Promise<CryptoKeyPair>} */
export const makeSignerKey = () => crypto.subtle.generateKey(ECDSA, false, ["sign", "verify"]);

/** @param {CryptoKeyPair} signer @param {Wanted} wanted @param {number} from @param {number} until */
export async function certify({ privateKey }, wanted, from, until) {
  const signed = await certificate(wanted, from, until);
  return toBase64url(new Uint8Array(await crypto.subtle.sign(ECDSA, privateKey, signed)));
}

/** @param {Bytes} bytes */
export const toBase64url = (bytes) =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");

/** Accepts only the spelling of toBase64url. @param {string} text @param {number} [size] in bytes @throws {Refused} */
export function fromBase64url(text, size) {
  must(typeof text === "string" && /^[\w-]*$/.test(text) && text.length % 4 !== 1, "not base64url");
  const letters = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
  must(
    toBase64url(bytes) === text && bytes.length === (size ?? bytes.length),
    "not canonical, or another size",
  );
  return bytes;
}

/** @param {Bytes[]} parts @returns {Bytes} */
const join = (...parts) => new Uint8Array(parts.flatMap((part) => Array.from(part)));
/** @param {number} size @returns {Bytes} */
const random = (size) => crypto.getRandomValues(new Uint8Array(size));
/** @param {string} label @returns {Bytes} */
const ascii = (label) => new TextEncoder().encode(label);
/** @param {number} n */
const uint32 = (n) => Uint8Array.of(n >>> 24, n >>> 16, n >>> 8, n);
/** @param {number} n */
const uint64 = (n) => join(uint32(Math.floor(n / 2 ** 32)), uint32(n));
/** @param {Bytes} a @param {Bytes} b */
const isBelow = (a, b) => {
  const at = a.findIndex((byte, index) => byte !== b[index]);
  return at >= 0 && a[at] < b[at];
};
/** @param {string} conversation @param {number} epoch */
const place = (conversation, epoch) => join(fromBase64url(conversation, 16), uint32(epoch));
/** @param {Bytes[]} parts @returns {Promise<Bytes>} */
const sha256 = async (...parts) => new Uint8Array(await crypto.subtle.digest("SHA-256", join(...parts)));
/** @param {Bytes} bytes */
const aesKey = (bytes) => crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
/** Compares in constant time, for equal lengths. @param {Bytes} a @param {Bytes} b */
const sameBytes = (a, b) => a.reduce((difference, byte, index) => difference | (byte ^ b[index]), 0) === 0;

/** @param {string} why @returns {() => never} */
const refuse = (why) => () => {
  throw new Refused(why);
};

/** @param {boolean} holds @param {string} why */
function must(holds, why) {
  if (!holds) throw new Refused(why);
}
