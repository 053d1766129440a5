// Plays the server's side of the proof that a browser has a key, as the contract describes it. A library seals it.
import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from "../../../frontend/vendor/hpke.js";

const P256 = { name: "ECDH", namedCurve: "P-256" };
const suite = new CipherSuite({
  kem: new DhkemP256HkdfSha256(),
  kdf: new HkdfSha256(),
  aead: new Aes256Gcm(),
});

/** @param {string} key  a public point @param {string} name  the device's id, or a guest's member */
export async function challenge(key, name) {
  const secret = crypto.getRandomValues(new Uint8Array(32));
  const hash = await crypto.subtle.digest("SHA-256", Buffer.from(name));
  const info = new Uint8Array(Buffer.concat([Buffer.from("hl1 prove"), Buffer.from(hash)]));
  const point = new Uint8Array(Buffer.from(key, "base64url"));
  const recipientPublicKey = await crypto.subtle.importKey("raw", point, P256, true, []);
  const { enc, ct } = await suite.seal({ recipientPublicKey, info }, secret);
  const box = Buffer.concat([Buffer.from(enc), Buffer.from(ct)]).toString("base64url");
  return { box, secret: Buffer.from(secret).toString("base64url") };
}

/** Holds the next call of a function of crypto.subtle. `isHeld`: it was called; `goOn`: lets it go on. @param {string} what */
export function holdNext(what) {
  const subtle = /** @type {any} */ (crypto.subtle);
  const held = { isHeld: false, goOn: () => {} };
  const gate = new Promise((done) => {
    held.goOn = () => done(null);
  });
  subtle[what] = async (/** @type {unknown[]} */ ...of) => {
    delete subtle[what];
    held.isHeld = true;
    await gate;
    return subtle[what](...of);
  };
  return held;
}
