// Gives the keys of lines to a device whose words were compared: when it is approved, or later from the list of
// devices that lack them.
import { shareLineKey } from "../shared/sealing.js";

/** @typedef {import("../shared/protocol.d.ts").KeyLine} KeyLine */

/**
 * Shares every generation of the key that this browser can open and the device cannot.
 * @param {import("./station.js").Station["request"]} request @param {CryptoKeyPair | null | undefined} pair  this browser's device
 * @param {"review" | "letters"} use @param {{id: string, key: string}} device  with the key whose words were compared, even if the server lists another
 * @param {KeyLine[]} [lines]  default: all lines of the device
 */
export async function shareKeys(request, pair, use, { id, key }, lines) {
  if (!pair) return;
  const found = lines ?? (await request("keys", { use })).lines;
  for (const { line, keys, devices } of found) {
    if (!devices.some((one) => one.id === id)) continue;
    for (const { generation, share, public: point, devices: holders, confirmed } of keys) {
      if (!share || !confirmed || holders.includes(id)) continue;
      const sealed = await shareLineKey(share, pair, { line, generation, key: point, use }, key);
      await request("sharekey", { line, generation, device: id, sealed, use });
    }
  }
}
