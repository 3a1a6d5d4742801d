"""The counters of one row, read from the wire in one pass and written back to it.

By hand rather than by nested schemas: a document of 100 000 rows has 3.6 million counters, and its
sender waits ten seconds.
"""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields

from server.central.receiver.standing import Counts
from server.central.receiver.tables import COUNTERS, counter_names
from server.consultations.ballots import QUALIFICATIONS, Vote

LARGEST = 2**53 - 1  # what every JSON reader holds exactly


class Votes(fields.Field[Counts]):
    """The `votes` of a row as 36 numbers, in the order of the columns."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Counts:
        _demand_keys(value, [str(vote) for vote in QUALIFICATIONS], "")
        counts: list[int] = []
        for vote, names in QUALIFICATIONS.items():
            entry = value[vote]
            _demand_keys(entry, (*COUNTERS, "qualifications"), vote)
            _read_counters(entry, vote, counts)
            nuances = entry["qualifications"]
            _demand_keys(nuances, names, f"{vote}.qualifications")
            for name in names:
                path = f"{vote}.qualifications.{name}"
                _demand_keys(nuances[name], COUNTERS, path)
                _read_counters(nuances[name], path, counts)
        return tuple(counts)


def dump(counts: Counts) -> dict[str, Any]:
    """Return the counters as they stand on the wire."""
    votes: dict[str, Any] = {str(vote): {"qualifications": {}} for vote in Vote}
    for (vote, key, counter), number in zip(counter_names(), counts, strict=True):
        entry = votes[vote]
        if key != vote:
            entry = entry["qualifications"].setdefault(key, {})
        entry[counter] = number
    return votes


def _demand_keys(value: Any, names: Any, path: str) -> None:
    """Refuse what lacks a key. Keys we do not know are let be: a later version may send more."""
    if not isinstance(value, Mapping):
        raise _invalid(path, "Not an object.")
    for name in names:
        if name not in value:
            raise _invalid(f"{path}.{name}" if path else name, "Missing.")


def _read_counters(entry: Mapping[str, Any], path: str, counts: list[int]) -> None:
    """Append the three counters; a part is never greater than what it is a part of."""
    count, verified, sequence = (entry[name] for name in COUNTERS)
    for name, number in zip(COUNTERS, (count, verified, sequence), strict=True):
        if type(number) is not int or not 0 <= number <= LARGEST:
            raise _invalid(f"{path}.{name}", "Not a whole number from 0 to 2^53 - 1.")
    if not sequence <= verified <= count:
        raise _invalid(path, "Not countSequence ≤ countVerified ≤ count.")
    counts += (count, verified, sequence)


def _invalid(path: str, message: str) -> ValidationError:
    """Return an error whose keys are the steps of `path`, as marshmallow nests them."""
    nested: Any = [message]
    for step in reversed(path.split(".") if path else []):
        nested = {step: nested}
    return ValidationError(nested)
