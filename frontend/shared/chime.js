// Plays soft notes without fetching a file.

/** @typedef {{hertz: number, from: number}} Note  from: seconds after the first */

/** @param {AudioContext} context @param {readonly Note[]} notes @param {number} loudness  up to 1 */
export function chime(context, notes, loudness, { attack = 0.03, lasts = 0.5 } = {}) {
  for (const { hertz, from } of notes) {
    const [tone, gain, at] = [context.createOscillator(), context.createGain(), context.currentTime + from];
    tone.frequency.value = hertz;
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(loudness, at + attack);
    gain.gain.exponentialRampToValueAtTime(0.0001, at + lasts);
    tone.connect(gain).connect(context.destination);
    tone.start(at);
    tone.stop(at + lasts);
  }
}
