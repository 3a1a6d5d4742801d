"""The counters of one row, read from the wire in one pass and written back to it.

By hand rather than by nested schemas: a document of 100 000 rows has 3.6 million counters, and its
sender waits thirty seconds. Only a row that is wrong is looked at step by step, to name the fault.
"""

from collections.abc import Iterable, Iterator, Mapping
from operator import ge
from typing import Any

from marshmallow import ValidationError, fields

from server.central.receiver.standing import Counts
from server.central.receiver.tables import COUNTERS, counter_names
from server.consultations.ballots import QUALIFICATIONS, Vote

# More than there are people, and hundreds of millions of rows of it add up in 64 bits.
LARGEST = 10**10


class Votes(fields.Field[Counts]):
    """The `votes` of a row as 36 numbers, in the order of the columns."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Counts:
        try:
            counts = tuple([entry[name] for entry in _entries(value) for name in COUNTERS])
            sound = _sound(counts)
        except (KeyError, TypeError):
            sound = False
        if not sound:
            _blame(value)
        return counts


def dump(counts: Counts) -> dict[str, Any]:
    """Return the counters as they stand on the wire."""
    votes: dict[str, Any] = {str(vote): {"qualifications": {}} for vote in Vote}
    for (vote, key, counter), number in zip(counter_names(), counts, strict=True):
        entry = votes[vote]
        if key != vote:
            entry = entry["qualifications"].setdefault(key, {})
        entry[counter] = number
    return votes


def _entries(value: Any) -> Iterator[Any]:
    for vote, names in QUALIFICATIONS.items():
        entry = value[vote]
        yield entry
        qualifications = entry["qualifications"]
        for name in names:
            yield qualifications[name]


def _sound(counts: Counts) -> bool:
    """Whether all are whole numbers in range, and countSequence ≤ countVerified ≤ count."""
    return (
        set(map(type, counts)) == {int}
        and min(counts) >= 0
        and max(counts) <= LARGEST
        and all(map(ge, counts[0::3], counts[1::3]))
        and all(map(ge, counts[1::3], counts[2::3]))
    )


def _blame(value: Any) -> None:
    """Raise `ValidationError` for the first fault, with the steps that lead to it."""
    _demand_keys(value, [str(vote) for vote in QUALIFICATIONS], "")
    for vote, names in QUALIFICATIONS.items():
        _demand_keys(value[vote], (*COUNTERS, "qualifications"), vote)
        _demand_counters(value[vote], vote)
        qualifications = value[vote]["qualifications"]
        _demand_keys(qualifications, names, f"{vote}.qualifications")
        for name in names:
            path = f"{vote}.qualifications.{name}"
            _demand_keys(qualifications[name], COUNTERS, path)
            _demand_counters(qualifications[name], path)


def _demand_keys(value: Any, names: Iterable[str], path: str) -> None:
    """Refuse what lacks a key. Keys we do not know are let be: a later version may send more."""
    if not isinstance(value, Mapping):
        raise _invalid(path, "Not an object.")
    for name in names:
        if name not in value:
            raise _invalid(f"{path}.{name}" if path else name, "Missing.")


def _demand_counters(entry: Mapping[str, Any], path: str) -> None:
    counts = [entry[name] for name in COUNTERS]
    for name, number in zip(COUNTERS, counts, strict=True):
        if type(number) is not int or not 0 <= number <= LARGEST:
            raise _invalid(f"{path}.{name}", f"Not a whole number from 0 to {LARGEST}.")
    if not _sound(tuple(counts)):
        raise _invalid(path, "Not countSequence ≤ countVerified ≤ count.")


def _invalid(path: str, message: str) -> ValidationError:
    """Return an error whose keys are the steps of `path`, as marshmallow nests them."""
    nested: Any = [message]
    for step in reversed(path.split(".") if path else []):
        nested = {step: nested}
    return ValidationError(nested)
