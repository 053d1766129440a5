// Reads boxes that hold JSON. Only known fields are kept, and only if they are texts.
import { Refused } from "../../../shared/sealing.js";

/** @typedef {{nickname?: string, for?: string, before?: string, age?: string, topic?: string, made_up?: string}} Intake  made_up: on a practice line, which made-up caller speaks */

/** @param {string} json @returns {Intake} @throws {Refused} */
export function intakeIn(json) {
  const { nickname, for: whom, before, age, topic, made_up: madeUp } = fields(json);
  return Object.fromEntries(
    Object.entries({ nickname, for: whom, before, age, topic, made_up: madeUp }).filter(
      ([, text]) => typeof text === "string",
    ),
  );
}

/** @param {string} json @throws {Refused} */
export function noteIn(json) {
  const { text } = fields(json);
  if (typeof text !== "string") throw new Refused("a note without text");
  return text;
}

/** @param {string} json @returns {Record<string, unknown>} */
function fields(json) {
  try {
    return Object(JSON.parse(json));
  } catch {
    throw new Refused("not JSON");
  }
}
