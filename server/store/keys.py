"""Every key in Redis is built here; docs/developers/data-model.md says what each holds.

`c` is a consultation's short id, `b` a box number. The hash tag `{c.b}` keeps all of a box in one
slot, so that one script can touch it; `{c}` does the same for what belongs to no box.
"""

from dataclasses import dataclass

SLUGS = "iso:slugs"
CONSULTATION_COUNTER = "iso:consultations"
PLACE_KEY = "iso:place-key"
SYNC_LEASE = "iso:sync:lease"
SYNC_FENCE = "iso:sync:fence"


@dataclass(frozen=True)
class Box:
    """The keys of one ballot box."""

    consultation: str
    number: int

    def _key(self, name: str) -> str:
        return f"iso:{{{self.consultation}.{self.number}}}:{name}"

    def voter(self, voter: str) -> str:
        return self._key(f"voter:{voter}")

    def more(self, voter: str) -> str:
        return self._key(f"voter:{voter}:more")

    def tally(self, proposal: int) -> str:
        return self._key(f"tally:{proposal}")

    def shadow(self, proposal: int) -> str:
        return self._key(f"shadow:{proposal}")

    @property
    def voters(self) -> str:
        return self._key("voters")

    @property
    def changed(self) -> str:
        return self._key("changed")

    @property
    def revision(self) -> str:
        return self._key("rev")

    @property
    def seal(self) -> str:
        return self._key("seal")

    @property
    def recount(self) -> str:
        return self._key("recount")

    @property
    def generation(self) -> str:
        return self._key("generation")


def boxes(consultation: str, number: int) -> list[Box]:
    return [Box(consultation, box) for box in range(number)]


def _of(consultation: str, name: str) -> str:
    return f"iso:c:{{{consultation}}}:{name}"


def definition(consultation: str) -> str:
    return _of(consultation, "definition")


def proposals(consultation: str) -> str:
    return _of(consultation, "proposals")


def voter_key(consultation: str) -> str:
    return _of(consultation, "voter-key")


def version(consultation: str) -> str:
    return _of(consultation, "version")


def results(consultation: str) -> str:
    return _of(consultation, "results")


def sync(consultation: str) -> str:
    return _of(consultation, "sync")
