"""A signature fits one text and one key, and anybody can find that out."""

import base64
import json
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from typing import Any

import pytest

from server.consultations.minutes import signed_part
from server.consultations.minutes import written as minutes_of
from server.consultations.minutes_files import faults, parse, signed_by
from server.consultations.minutes_parts import LISTED
from server.consultations.rows import compact
from server.keyring import Keyring, KeyUnfit, PublicKey, new_key
from server.store.differences import Difference
from tests.minutes.conftest import KEY, OTHER_KEY, RMC, public
from tests.minutes.rfc8032 import verifies
from tests.minutes.writing import changed, minutes, written


def test_minutes_verify_with_the_key_that_signed_them_and_no_other() -> None:
    document = parse(written())
    assert signed_by(document, public())
    assert not signed_by(document, public(OTHER_KEY))
    assert list(faults(document)) == []


def one_more_vote(document: Any) -> None:
    document["totals"]["agree"]["count"] += 1


def other_question(document: Any) -> None:
    document["consultation"]["question"] = "Faut-il mieux dormir ?"


def earlier_seal(document: Any) -> None:
    document["sealedAt"] = "2027-03-11T12:00:00.000+00:00"


def other_key_named(document: Any) -> None:
    document["signature"]["key"] = public(OTHER_KEY).id


def other_key_inside(document: Any) -> None:
    document["signature"]["publicKey"] = public(OTHER_KEY).base64


def no_rehearsal(document: Any) -> None:
    document["rehearsal"] = not document["rehearsal"]


@pytest.mark.parametrize(
    "change",
    [one_more_vote, other_question, earlier_seal, other_key_named, other_key_inside, no_rehearsal],
)
def test_whatever_is_changed_the_signature_no_longer_fits(change: Callable[[Any], None]) -> None:
    assert not signed_by(parse(changed(change)), public())


def test_every_single_digit_is_signed() -> None:
    """Each digit of the counters, one after the other."""
    content = written().decode()
    rows = range(content.index('"rows"'), content.index('"sealedAt"'))
    places = [i for i in rows if content[i].isdigit() and not content[i - 1].isalnum()]
    assert len(places) > 100
    for i in places[::7]:
        other = "1" if content[i] != "1" else "2"
        tampered = parse(f"{content[:i]}{other}{content[i + 1 :]}".encode())
        assert not signed_by(tampered, public())


def test_the_layout_of_the_file_does_not_matter() -> None:
    """Indented, in another order of keys, with escapes: it says the same."""
    document = json.loads(written())
    other = json.dumps(dict(reversed(document.items())), indent=2).encode()
    assert other != written()
    assert signed_by(parse(other), public())


def test_an_implementation_by_the_book_agrees() -> None:
    document = minutes()
    signature = base64.b64decode(document["signature"]["value"])
    assert verifies(public().raw, signed_part(document), signature)
    assert not verifies(public().raw, signed_part(document) + b" ", signature)
    assert not verifies(public(OTHER_KEY).raw, signed_part(document), signature)


def test_our_keys_are_those_of_the_standards_own_example() -> None:
    """RFC 8032, section 7.1, tests 1 and 2."""
    assert public().raw.hex().startswith("d75a980182b10ab7")
    signer = Keyring.parse(OTHER_KEY).demand_signer()
    assert signer.sign(b"\x72").hex().startswith("92a009a9f0d4cab8")


def test_a_rotated_key_signs_and_the_old_one_still_verifies() -> None:
    old = parse(written())
    rotated = Keyring.parse(f"{KEY},{OTHER_KEY}")
    assert rotated.demand_signer().key == public(OTHER_KEY)
    assert [key for key in rotated.keys if signed_by(old, key)] == [public()]
    new = parse(written(OTHER_KEY))
    assert [key for key in rotated.keys if signed_by(new, key)] == [public(OTHER_KEY)]


def test_the_private_half_of_an_old_key_can_be_destroyed() -> None:
    keyring = Keyring.parse(f"whpk_{public().base64},{OTHER_KEY}")
    assert keyring.keys == (public(), public(OTHER_KEY))
    assert keyring.demand_signer().key == public(OTHER_KEY)


@pytest.mark.parametrize(
    "text",
    ["", "whsk_", "whsk_c2hvcnQ=", KEY[:-3], KEY.removeprefix("whsk_"), f"{KEY};{KEY}", "whsk_é"],
)
def test_what_is_no_key_is_refused_in_one_line_that_does_not_show_it(text: str) -> None:
    with pytest.raises(KeyUnfit, match=r"^ISOLOIR_SIGNING_KEY[^\n]+new-key") as refused:
        Keyring.parse(text).demand_signer()
    assert len(text) < 10 or text not in str(refused.value)


def test_a_new_key_is_another_one_each_time() -> None:
    first, second = new_key(), new_key()
    assert first != second
    assert PublicKey.parse(public(first).base64) == public(first)


def test_a_later_version_names_the_earlier_ones() -> None:
    """So nobody can swap the first version under the second."""
    first = written()
    second = compact(minutes(earlier=(first,), reason="A flood of 312 ballots was set aside."))
    document = parse(second)
    assert signed_by(document, public())
    assert (document["version"], document["reason"]) == (
        2,
        "A flood of 312 ballots was set aside.",
    )
    assert document["earlier"] == [{"version": 1, "sha256": sha256(first).hexdigest()}]
    assert minutes(earlier=(first, second))["earlier"][1]["version"] == 2


def test_what_moderation_took_away_is_not_printed_for_ever() -> None:
    """Its votes are; a proposal nobody could vote on is not listed at all."""
    listed = {one["proposal"]: one for one in minutes()["proposals"]}
    assert listed["essai:3"] == {"proposal": "essai:3", "state": "refused", "text": None}
    assert listed["c-2"]["text"] == "We need quiet mornings"
    assert "essai:4" not in listed
    assert minutes()["consultation"]["languages"] == ["fr", "en"]


def test_times_carry_their_zone() -> None:
    document = minutes()
    times = [document["sealedAt"], document["drawnUpAt"], *document["window"].values()]
    assert all(datetime.fromisoformat(time).tzinfo for time in times[:4])
    assert document["window"]["timezone"] == "UTC"


def test_a_few_differences_are_written_out_and_many_are_counted() -> None:
    many = tuple(Difference(1, RMC, code, 2, 1) for code in range(LISTED + 1))
    recount = minutes(differences=many)["recount"]
    assert (recount["differences"], len(recount["listed"])) == (LISTED + 1, LISTED)
    assert recount["listed"][0]["proposal"] == "essai:1"
    (voters,) = minutes(differences=(Difference(None, RMC, None, 9, 3),))["recount"]["listed"]
    assert voters == {"proposal": None, "source": "rmc", "code": None, "tallied": 9, "counted": 3}
    assert parse(compact(minutes(differences=many)))


def test_the_file_is_canonical_json() -> None:
    """Written row by row, it is what any JSON library makes of the same with sorted keys."""
    document = minutes()
    assert minutes_of(document) == compact(document)
    assert minutes_of({**document, "rows": []}) == compact({**document, "rows": []})
