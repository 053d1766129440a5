// Plays a root and a signer who certify keys. They are made anew for each file of tests.
import * as sealing from "../../../frontend/shared/sealing.js";

const DAY = 86_400;
const curve = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const bytesOf = (/** @type {string} */ text) => new TextEncoder().encode(text);
const digest = async (/** @type {string} */ text) =>
  new Uint8Array(await crypto.subtle.digest("SHA-256", bytesOf(text)));
/** @param {number} number @param {number} size */
const whole = (number, size) => Buffer.from(number.toString(16).padStart(size * 2, "0"), "hex");

export class Certifier {
  serial = 3;
  /** The fakes' clock begins at zero: an entry's time is moved to the thirtieth day. */
  ends = 200 * DAY;

  async prepare() {
    this.root = await sealing.makeSignerKey();
    this.signer = await sealing.makeSignerKey();
    return this;
  }

  async trust() {
    return { roots: [await this.#point(this.root)], serial: this.serial };
  }

  /** @param {CryptoKeyPair | undefined} pair */
  #point = (pair) => sealing.pointOf(/** @type {CryptoKeyPair} */ (pair));

  /** Returns a certificate as `joined` has it. @param {string} key @param {{use?: "device" | "review" | "letters", kind?: "line" | "service", slug?: string, serial?: number, from?: number, until?: number}} [what] */
  async certify(key, what = {}) {
    const { use = "device", kind = "line", slug = "helpwanted", serial = this.serial } = what;
    const { from = 0, until = 90 * DAY } = what;
    const [signer, root] = await Promise.all([this.#point(this.signer), this.#point(this.root)]);
    const scope = { kind, slug, serial, not_after: this.ends, quorum: 1, signers: [signer] };
    const message = Buffer.concat([
      bytesOf("hl1 scope"),
      Uint8Array.of(kind === "line" ? 1 : 2),
      await digest(slug),
      whole(serial, 4),
      whole(this.ends, 8),
      Uint8Array.of(1, 1),
      Buffer.from(signer, "base64url"),
    ]);
    const { privateKey } = /** @type {CryptoKeyPair} */ (this.root);
    const sig = Buffer.from(await crypto.subtle.sign(curve, privateKey, message)).toString("base64url");
    const pair = /** @type {CryptoKeyPair} */ (this.signer);
    const by = await sealing.certify(pair, { use, kind, slug, key }, from, until);
    return {
      scope: { ...scope, root, sig },
      ...{ not_before: from, not_after: until, sigs: [{ signer, sig: by }] },
    };
  }
}
