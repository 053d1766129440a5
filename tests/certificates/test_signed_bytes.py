"""Checks certificates, version 1, against the vectors that all clients share; tests/js/shared does so for
browsers."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from counsellors.certificates import eight_words, signed_bytes
from helpline.lib import encoding

_ALL: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "vectors" / "sealing-v1.json").read_text(encoding="utf-8")
)
VECTORS, LETTERS = _ALL["certificates"], _ALL["letters"]
NOW: int = VECTORS["now"]
ROOTS = {bytes.fromhex(one) for one in VECTORS["roots"]}
GOOD = {one["why"]: one for one in VECTORS["accept"]}
COUNSELLOR = GOOD["a counsellor's device"]
REVIEW = GOOD["a review key, by two"]


def is_good(one: dict[str, Any], *, cert: object = ..., at: int = NOW, **other: Any) -> bool:
    facts = {name: one[name] for name in ("use", "kind", "slug")} | {"key": bytes.fromhex(one["key"])}
    facts |= {"roots": ROOTS, "lowest": VECTORS["lowest"]} | other
    return signed_bytes.is_good(one["cert"] if cert is ... else cert, at=at, **facts)


@pytest.mark.parametrize("one", VECTORS["accept"], ids=lambda one: one["why"])
def test_a_good_certificate_is_good(one: dict[str, Any]) -> None:
    assert is_good(one)


@pytest.mark.parametrize("one", VECTORS["refuse"], ids=lambda one: one["why"])
def test_a_bad_one_is_refused_without_an_exception(one: dict[str, Any]) -> None:
    facts = {name: one[name] for name in ("use", "kind", "slug")}
    assert not signed_bytes.is_good(
        one["cert"], key=bytes.fromhex(one["key"]), roots=ROOTS, lowest=VECTORS["lowest"], at=NOW, **facts
    )


@pytest.mark.parametrize("one", LETTERS["accept"] + LETTERS["refuse"], ids=lambda one: one["why"])
def test_a_letters_key_is_certified_for_letters_and_for_nothing_else(one: dict[str, Any]) -> None:
    roots = {bytes.fromhex(root) for root in LETTERS["roots"]}
    assert is_good(one, at=LETTERS["now"], roots=roots, lowest=0) == (one in LETTERS["accept"])


@pytest.mark.parametrize("one", VECTORS["clocks"], ids=lambda one: one["why"])
def test_an_entry_s_time_is_moved_to_within_a_month_of_the_own_clock(one: dict[str, Any]) -> None:
    at = signed_bytes.at_the_clock(one["at"], one["clock"])
    assert is_good(GOOD[one["of"]], at=at) == one["accept"]


def test_the_bytes_that_are_signed_are_those_of_the_vectors() -> None:
    cert = signed_bytes.read(COUNSELLOR["cert"])
    scope = cert.scope
    assert signed_bytes.signed_scope(scope).hex() == VECTORS["scope_bytes"]
    signed = signed_bytes.cert_bytes(
        "device", "line", scope.slug, bytes.fromhex(COUNSELLOR["key"]), cert.not_before, cert.not_after
    )
    assert signed.hex() == VECTORS["cert_bytes"]
    assert signed_bytes.frame(cert) == COUNSELLOR["cert"]


def test_what_is_signed_here_is_good() -> None:
    signer = signed_bytes.private_of(bytes.fromhex(VECTORS["signers"][0]["private"]))
    assert signed_bytes.point_of(signer).hex() == VECTORS["signers"][0]["key"]
    cert = copy.deepcopy(COUNSELLOR["cert"])
    sig = signed_bytes.sign(signer, bytes.fromhex(VECTORS["cert_bytes"]))
    cert["sigs"][0]["sig"] = encoding.encode(sig)
    assert is_good(COUNSELLOR, cert=cert)


def flipped(text: str, bit: int) -> str:
    data = bytearray(encoding.decode(text))
    data[bit // 8 % len(data)] ^= 1 << bit % 8
    return encoding.encode(bytes(data))


BYTES = [("scope", "root"), ("scope", "sig"), ("scope", "signers", 0), ("scope", "signers", 1)]
BYTES += [("sigs", 0, "signer"), ("sigs", 0, "sig")]
NUMBERS = [("scope", "serial"), ("scope", "not_after"), ("scope", "quorum"), ("not_before",), ("not_after",)]


@given(where=st.sampled_from([*BYTES, *NUMBERS]), bit=st.integers(0, 65 * 8 - 1), which=st.booleans())
def test_whichever_bit_of_a_scope_or_a_certificate_flips_it_is_refused(
    where: tuple[Any, ...], bit: int, which: bool
) -> None:
    one = REVIEW if which else COUNSELLOR
    cert = copy.deepcopy(one["cert"])
    *path, last = where
    place = cert
    for step in path:
        place = place[step]
    value = place[last]
    place[last] = flipped(value, bit) if isinstance(value, str) else value ^ 1 << bit % 32
    assert not is_good(one, cert=cert)


@given(bit=st.integers(0, 65 * 8 - 1))
def test_another_key_by_one_bit_is_refused(bit: int) -> None:
    key = bytearray(bytes.fromhex(COUNSELLOR["key"]))
    key[bit // 8] ^= 1 << bit % 8
    assert not is_good(COUNSELLOR, key=bytes(key))


FIELDS = [*BYTES, *NUMBERS, ("scope",), ("sigs",), ("sigs", 0)]
FIELDS += [("scope", name) for name in ("kind", "slug", "signers")]
anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["line", 0, 1, 2**64]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.text(max_size=3) | st.sampled_from([field[-1] for field in FIELDS]).map(str), inner
        )
    ),
    max_leaves=8,
)


@given(told=anything, where=st.sampled_from([None, *FIELDS]))
@example(told=[], where=("scope", "kind"))
@example(told={}, where=("scope", "kind"))
@example(told=[], where=("scope", "root"))
@example(told="\ud800", where=("scope", "slug"))
@example(told=True, where=("scope", "quorum"))
def test_whatever_stands_there_is_refused_and_never_an_exception(told: Any, where: Any) -> None:
    cert: Any = copy.deepcopy(COUNSELLOR["cert"])
    if where is None:
        cert = told
    else:
        *path, last = where
        place = cert
        for step in path:
            place = place[step]
        if type(place[last]) is type(told) and place[last] == told:
            return
        place[last] = told
    assert is_good(COUNSELLOR, cert=cert) is False


def test_a_root_is_24_words() -> None:
    scalar = bytes.fromhex(VECTORS["root_private"])
    assert eight_words.say(scalar) == VECTORS["root_words"]
    assert eight_words.hear(" ".join(VECTORS["root_words"])) == scalar
    assert eight_words.hear(",\n".join(VECTORS["root_words"]).upper()) == scalar
    assert signed_bytes.point_of(signed_bytes.private_of(scalar)) in ROOTS


@pytest.mark.parametrize(
    "typed",
    [[], VECTORS["root_words"][:-1], ["xyzzy", *VECTORS["root_words"][1:]]],
    ids=["none", "23", "unknown"],
)
def test_other_words_are_no_root(typed: list[str]) -> None:
    with pytest.raises(eight_words.NotTheWords):
        eight_words.hear(" ".join(typed))


def test_two_words_that_changed_places_are_found_by_the_checksum_nearly_always() -> None:
    given = list(VECTORS["root_words"])
    found = 0
    for place in range(23):
        typed = given.copy()
        typed[place], typed[place + 1] = typed[place + 1], typed[place]
        try:
            eight_words.hear(" ".join(typed))
        except eight_words.NotTheWords:
            found += 1
    assert found >= 22


def test_a_certificate_is_good_from_five_minutes_before_its_time_for_clocks_that_are_behind() -> None:
    begins = COUNSELLOR["cert"]["not_before"]
    assert is_good(COUNSELLOR, at=begins)
    assert is_good(COUNSELLOR, at=begins - 300)
    assert not is_good(COUNSELLOR, at=begins - 301)
