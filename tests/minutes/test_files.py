"""A file from anywhere is read without trusting it: one clear line, never a traceback."""

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from server.consultations.minutes_files import SIZE_LIMIT, NotMinutes, faults, parse
from tests.minutes.writing import changed, written

TEXT = written().decode()


def put(path: str, value: Any) -> bytes:
    """Return the minutes with one value replaced; the path is like `rows.0.votes`."""

    document = place = json.loads(TEXT)
    *before, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    for step in before:
        place = place[step]
    place[last] = value
    return json.dumps(document).encode()


# The last of 86 digits says four bits too many; `validate` of Python does not mind what they are.
SIGNATURE = json.loads(TEXT)["signature"]["value"]
TWIN = SIGNATURE[:-3] + chr(ord(SIGNATURE[-3]) + 1) + "=="

HOSTILE = {
    "nothing": (b"", "not JSON"),
    "other text": (b"minutes", "not JSON (line 1)"),
    "no text": (b"\xff\xfe", "not UTF-8"),
    "a list": (b"[]", "“format”"),
    "a number": (b"7", "“format”"),
    "another format": (b'{"format":"isoloir-minutes/9"}', "not isoloir-minutes/1"),
    "deep": (b"[" * 100_000, "nested too deeply"),
    "a key twice": (TEXT.replace('"rows":', '"rows":[],"rows":', 1).encode(), "twice"),
    "a deep key twice": (TEXT.replace('"count":13', '"count":13,"count":4', 1).encode(), "twice"),
    "NaN": (TEXT.replace('"count":13', '"count":NaN', 1).encode(), "NaN"),
    "infinity": (TEXT.replace('"count":13', '"count":-Infinity', 1).encode(), "-Infinity"),
    "a fraction": (TEXT.replace('"count":13', '"count":3.0', 1).encode(), "3.0"),
    "less than none": (TEXT.replace('"count":13', '"count":-3', 1).encode(), "-3"),
    "too many": (TEXT.replace('"count":13', '"count":' + "9" * 5000, 1).encode(), "9999"),
    "half a character": (put("reason", "\ud800"), "reason must be plain text"),
    "half a name": (put("voters.sources", {"\ud800": 1}), "plain text"),
    "true for one": (put("version", True), "version must be a whole number"),
    "text for a number": (put("totals.agree.count", "3"), "totals.agree.count must be a whole"),
    "a list for an object": (put("rows.0.votes", []), "rows[0].votes must be an object"),
    "an object for a list": (put("rows", {}), "rows must be a list"),
    "null": (put("checksum", None), "checksum must be plain text"),
    "one key more": (put("note", "hi"), "the file must be an object with the keys"),
    "one vote more": (put("rows.0.votes.blank", {}), "keys agree, disagree, neutral"),
    "no signature": (put("signature", {}), "signature must be an object with the keys"),
    "another algorithm": (put("signature.algorithm", "HS256"), "not Ed25519 but “HS256”"),
    "no algorithm": (put("signature.algorithm", "none"), "not Ed25519 but “none”"),
    "no base64": (put("signature.value", "?"), "not base64"),
    "another text of the same signature": (put("signature.value", TWIN), "not base64"),
    "a million empty lists": (b"[" + b"[]," * 1_000_000 + b"[]]", "more lists and objects"),
    "a million empty objects": (b"[" + b"{}," * 1_000_000 + b"{}]", "more lists and objects"),
    "a million small texts": (b"[" + b'"ab",' * 1_000_000 + b'""]', "more lists and objects"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_minutes_is_refused_in_one_line_that_says_why(name: str) -> None:
    content, word = HOSTILE[name]
    with pytest.raises(NotMinutes) as refused:
        parse(content)
    assert word in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_huge_file_is_refused_before_it_is_read() -> None:
    with pytest.raises(NotMinutes, match="larger than 512 MB"):
        parse(bytes(SIZE_LIMIT + 1))


@given(st.data())
@examples(max_examples=300, deadline=None)
def test_a_damaged_file_is_read_or_refused_and_nothing_else(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(TEXT)))
    end = data.draw(st.integers(start, min(len(TEXT), start + 40)))
    piece = data.draw(st.sampled_from(["", "{", '"', "[]", "null", "1e9", "\\u0000"]) | st.text())
    with suppress(NotMinutes):
        list(faults(parse((TEXT[:start] + piece + TEXT[end:]).encode("utf-8", "surrogatepass"))))


def test_a_version_that_no_minutes_have_costs_nothing() -> None:
    """A list of all the versions before it would take more memory than there is."""
    told = list(faults(parse(put("version", 10**15))))
    assert "It does not name every earlier version." in told


CONTRADICTIONS: dict[str, tuple[Callable[[Any], object], str]] = {
    "a version left out": (lambda d: d.update(version=2), "earlier version"),
    "rows out of order": (lambda d: d["rows"].reverse(), "order"),
    "a row twice": (lambda d: d["rows"].append(d["rows"][-1]), "twice"),
    "another checksum": (lambda d: d.update(checksum="0" * 64), "checksum"),
    "another sum": (lambda d: d["totals"]["agree"]["qualifications"]["doable"].update(count=0), "sums"),
    "more voters": (lambda d: d["voters"].update(total=51), "voters"),
    "more verified than votes": (
        lambda d: d["rows"][0]["votes"]["agree"].update(countVerified=9),
        "more verified",
    ),
    "more nuances than votes": (
        lambda d: d["rows"][0]["votes"]["neutral"]["qualifications"]["doNotCare"].update(count=1),
        "more nuances",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_numbers_that_contradict_each_other_are_told(name: str) -> None:
    change, word = CONTRADICTIONS[name]
    told = list(faults(parse(changed(change))))
    assert any(word in line for line in told), told
