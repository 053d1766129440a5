"""Makes a page judge the vectors of certificates and of letters with the same file that callers run."""

import json
from pathlib import Path
from typing import Any

from tests.support.platform import Platform, status_and_body
from tests.support.sealing import b64url

_ALL: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "vectors" / "sealing-v1.json").read_text(encoding="utf-8")
)
VECTORS, LETTERS = _ALL["certificates"], _ALL["letters"]
OF_LETTERS = 7 + len(LETTERS["accept"]) + len(LETTERS["refuse"])

# Sets `globalThis.judged` to the rows on which the page and the vectors differ, once all are judged.
JUDGE = """(() => {
  const {now, roots, serial, rows} = %s;
  import(%s).then(async ({isCertified, atTheClock}) => {
    const wrong = [];
    for (const {why, cert, wanted, at, clock, good} of rows) {
      const then = at === null ? now : atTheClock(at, clock);
      if (await isCertified(cert, wanted, {roots, serial}, then) !== good) wrong.push(why);
    }
    globalThis.judged = {wrong, count: rows.length};
  }, (error) => { globalThis.judged = {wrong: [String(error)], count: 0}; });
  return true;
})()"""


def judges(platform: Platform) -> str:
    """Returns an expression for a page of the platform."""
    told = _trust() | {"rows": rows()}
    return JUDGE % (json.dumps(told), json.dumps(f"/app/{_release(platform)}/shared/sealing.js"))


# Sets `globalThis.judged` likewise: a letter's roster, a wrap, a share, its certificates and its return box.
JUDGE_LETTERS = """(() => {
  const {letters: {seat, review, share, returned, ...of}, device} = %s;
  const raw = (hex) => Uint8Array.from(hex.match(/../g), (byte) => parseInt(byte, 16));
  const wire = (hex) => btoa(String.fromCharCode(...raw(hex)))
    .replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
  const curve = {name: 'ECDH', namedCurve: 'P-256'};
  const pairOf = async ({key, private: d}) => {
    const [x, y] = [key.slice(2, 66), key.slice(66)].map(wire);
    const jwk = {kty: 'EC', crv: 'P-256', x, y, d: wire(d)};
    return {
      privateKey: await crypto.subtle.importKey('jwk', jwk, curve, false, ['deriveBits']),
      publicKey: await crypto.subtle.importKey('raw', raw(key), curve, true, []),
    };
  };
  const wrong = [];
  let count = 0;
  const judge = async (why, good) => {
    count += 1;
    if (!(await good().catch(() => false))) wrong.push(why);
  };
  import(%s).then(async (sealing) => {
    const secret = (hex) => new sealing.Secret(raw(hex));
    const conversation = wire(of.conversation);
    const seats = [[seat, 'letters'], [review, 'review']].map(([{member, key}, role]) =>
      ({member: wire(member), role, key: wire(key)}));
    const roster = {conversation, epoch: 1, seats};
    await judge('roster', async () =>
      String(await sealing.rosterHash(roster)) === String(raw(of.roster_hash)));
    await judge('wrap', async () => sealing.isSame(
      await sealing.openWrap(wire(of.wraps.letters), await pairOf(seat), wire(seat.member), roster),
      secret(of.epochs[1])));
    const own = await pairOf(device);
    const shared = {line: share.slug, generation: share.generation, key: wire(seat.key), use: 'letters'};
    const opens = (what) => sealing.openLineKey(wire(share.sealed), own, what);
    await judge('share', async () => await sealing.pointOf(await opens(shared)) === wire(seat.key));
    for (const other of [{use: 'review'}, {generation: share.generation + 1}, {line: 'stopitnow'}])
      await judge(`share as ${JSON.stringify(other)}`, () =>
        opens({...shared, ...other}).then(() => false, (error) => error instanceof sealing.Refused));
    const trust = {roots: of.roots.map(wire), serial: 0};
    for (const [verdict, rows] of [[true, of.accept], [false, of.refuse]])
      for (const {why, use, kind, slug, key, cert} of rows)
        await judge(why, async () =>
          await sealing.isCertified(cert, {use, kind, slug, key: wire(key)}, trust, of.now) === verdict);
    await judge('return box', async () => {
      const rows = await sealing.openReturn(returned.code, conversation, wire(returned.box));
      return sealing.isSame(rows.get(sealing.SEATS), secret(returned.seats));
    });
  }).catch((error) => wrong.push(String(error))).finally(() => { globalThis.judged = {wrong, count}; });
  return true;
})()"""


def judges_letters(platform: Platform) -> str:
    """Returns an expression for a page of the platform."""
    told = {"letters": LETTERS, "device": _ALL["members"][LETTERS["share"]["device"]]}
    return JUDGE_LETTERS % (json.dumps(told), json.dumps(f"/app/{_release(platform)}/shared/sealing.js"))


def rows() -> list[dict[str, Any]]:
    """Returns all certificates that are to be accepted, refused, or judged by a clock that is wrong."""
    good = {one["why"]: one for one in VECTORS["accept"]}
    found = [_row(one, good=True) for one in VECTORS["accept"]]
    found += [_row(one, good=False) for one in VECTORS["refuse"]]
    for one in VECTORS["clocks"]:
        at = {"why": one["why"], "at": one["at"], "clock": one["clock"], "good": one["accept"]}
        found.append(_row(good[one["of"]], good=True) | at)
    return found


def _row(one: dict[str, Any], *, good: bool) -> dict[str, Any]:
    wanted = {name: one[name] for name in ("use", "kind", "slug")} | {
        "key": b64url(bytes.fromhex(one["key"]))
    }
    return {"why": one["why"], "cert": one["cert"], "wanted": wanted, "at": None, "clock": None, "good": good}


def _release(platform: Platform) -> str:
    _, body = status_and_body(platform.url, "/nl/praat/")
    return body.split("/app/", 1)[1].split("/", 1)[0]


# Sets `globalThis.times`: milliseconds of one good certificate, many times.
TIME = """(() => {
  const {now, roots, serial, row: {cert, wanted}} = %s;
  import(%s).then(async ({isCertified}) => {
    const times = [];
    for (let n = 0; n < 25; n++) {
      const begun = performance.now();
      if (!(await isCertified(cert, wanted, {roots, serial}, now))) return;
      times.push(performance.now() - begun);
    }
    globalThis.times = times.slice(5);
  });
  return true;
})()"""


def times(platform: Platform) -> str:
    """Returns an expression for a page of the platform."""
    told = _trust() | {"row": rows()[0]}
    return TIME % (json.dumps(told), json.dumps(f"/app/{_release(platform)}/shared/sealing.js"))


def _trust() -> dict[str, Any]:
    roots = [b64url(bytes.fromhex(root)) for root in VECTORS["roots"]]
    return {"now": VECTORS["now"], "roots": roots, "serial": VECTORS["lowest"]}
