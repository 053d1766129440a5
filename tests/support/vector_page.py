"""The vectors of certificates, judged in a page by the very file that callers run."""

import json
from pathlib import Path
from typing import Any

from tests.support.platform import Platform, status_and_body
from tests.support.sealing import b64url

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "vectors" / "sealing-v1.json").read_text(encoding="utf-8")
)["certificates"]

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
    """An expression for a page of the platform."""
    told = _trust() | {"rows": rows()}
    return JUDGE % (json.dumps(told), json.dumps(f"/app/{_release(platform)}/shared/sealing.js"))


def rows() -> list[dict[str, Any]]:
    """All that is to be accepted, refused, or judged by a clock that is wrong."""
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
    """An expression for a page of the platform."""
    told = _trust() | {"row": rows()[0]}
    return TIME % (json.dumps(told), json.dumps(f"/app/{_release(platform)}/shared/sealing.js"))


def _trust() -> dict[str, Any]:
    roots = [b64url(bytes.fromhex(root)) for root in VECTORS["roots"]]
    return {"now": VECTORS["now"], "roots": roots, "serial": VECTORS["lowest"]}
