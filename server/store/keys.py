"""Every key in Redis is built here; docs/developers/data-model.md says what each holds.

`c` is a consultation's short id, `b` a box number. The hash tag `{c.b}` keeps all of a box in one
slot, so that one script can touch it; `{c}` does the same for what belongs to no box.
"""

import re
from dataclasses import dataclass

SLUGS = "iso:slugs"
CONSULTATION_COUNTER = "iso:consultations"
PLACE_KEY = "iso:place-key"
SYNC_LEASE = "iso:sync:lease"
SYNC_FENCE = "iso:sync:fence"
SIGNING_KEYS = "iso:signing-keys"
FORGOTTEN = "iso:forgotten"
STAFF = "iso:staff"
RESTORING = f"iso:restoring:{{{SLUGS}}}"  # in the slot of the slugs, for one script to touch both
LAYOUT = f"iso:layout:{{{SLUGS}}}"  # there too: no failover keeps the slugs and loses it

LAYOUT_NUMBER = 2  # one more whenever another release would misread what is kept under these keys
# It is a wall both ways, also before every older store and backup. What `definitions` adds is left
# out where it is not used and refused, never misread, where it is: that is no other layout.
VOTERS = ""  # what stands before a voter in a key

_OF_BOXES = (":pace:", ":shadow:")
PERSONAL = (
    *_OF_BOXES,
    ":author:",
    ":authors",
    ":place:",
    ":asking:",
    ":proposed",
    ":edits",
    ":notes",
    ":queue",
    ":arrivals",
    ":due",
    ":looking",
    ":lately",
    ":second",
    ":sampled",
    ":twins",
    ":said",
)
_IN_BOX = re.compile(r"iso:\{\w+\.(\d+)\}(?::[\w-]+?:)?(.+)")


@dataclass(frozen=True)
class Box:
    """The keys of one ballot box."""

    consultation: str
    number: int

    def _key(self, name: str) -> str:
        return f"iso:{{{self.consultation}.{self.number}}}:{name}"

    def voter(self, voter: str) -> str:
        """Return the key there are most of, so the shortest: up to 21 characters Valkey takes 16
        bytes less for each voter.
        """
        return f"iso:{{{self.consultation}.{self.number}}}{voter}"

    def more(self, voter: str) -> str:
        return f"{self.voter(voter)}:more"

    def pace(self, voter: str) -> str:
        return self._key(f"pace:{voter}")

    def tally(self, proposal: int) -> str:
        return self._key(f"tally:{proposal}")

    def shadow(self, proposal: int) -> str:
        return self._key(f"shadow:{proposal}")

    @property
    def voters(self) -> str:
        return self._key("voters")

    @property
    def shadow_voters(self) -> str:
        return self._key("shadow-voters")

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


def of_consultation(consultation: str) -> str:
    """Return what SCAN takes to find all keys of a consultation, those of its boxes too."""
    return f"iso:*{{{consultation}[.}}]*"


def of_a_person(key: str) -> bool:
    """Whether it is about single persons: voters, a recount of their ballots, or authors."""
    name = key.partition("}")[2]
    return not name.startswith(":") or name.startswith(PERSONAL)


def is_voter(key: str) -> bool:
    """Whether it is the one key that each voter has for as long as there are ballots."""
    name = key.partition("}")[2]
    return not name.startswith(":") and not name.endswith(":more")


def more_of(key: str) -> str:
    """Return where the rest of an avid voter's ballots lie, from the voter's own key."""
    return f"{key}:more"


def pattern(consultation: str, name: str) -> str:
    """Return what SCAN takes to find the keys `name:…` of all boxes, or all `VOTERS`."""
    return f"iso:{{{consultation}.*}}" + ("[^:]*" if name == VOTERS else f":{name}:*")


def parse(key: str) -> tuple[int, str]:
    """Return the box number of a key that `pattern` finds, and what stands after its name."""
    number, name = _IN_BOX.fullmatch(key).groups()  # type: ignore[union-attr]
    return int(number), name


def _of(consultation: str, name: str) -> str:
    return f"iso:c:{{{consultation}}}:{name}"


def definition(consultation: str) -> str:
    return _of(consultation, "definition")


def deeds(consultation: str) -> str:
    return _of(consultation, "deeds")


def proposals(consultation: str) -> str:
    return _of(consultation, "proposals")


def logos(consultation: str) -> str:
    return _of(consultation, "logos")


def voter_key(consultation: str) -> str:
    return _of(consultation, "voter-key")


def version(consultation: str) -> str:
    return _of(consultation, "version")


def is_version(key: str) -> bool:
    return key.startswith("iso:c:") and key.endswith(":version")


def results(consultation: str) -> str:
    return _of(consultation, "results")


def decks(consultation: str) -> str:
    return _of(consultation, "decks")


def lists(consultation: str) -> str:
    return _of(consultation, "lists")


def groups(consultation: str) -> str:
    return _of(consultation, "groups")


def sync(consultation: str) -> str:
    return _of(consultation, "sync")


def minutes(consultation: str) -> str:
    return _of(consultation, "minutes")


def minutes_claim(consultation: str) -> str:
    return _of(consultation, "minutes-claim")


def purge(consultation: str) -> str:
    return _of(consultation, "purge")


def author(consultation: str, author: str) -> str:
    return _of(consultation, f"author:{author}")


def authors(consultation: str) -> str:
    return _of(consultation, "authors")


def place(consultation: str, place: int) -> str:
    return _of(consultation, f"place:{place}")


def asking(consultation: str, place: int) -> str:
    return _of(consultation, f"asking:{place}")


def proposed(consultation: str) -> str:
    return _of(consultation, "proposed")


def proposal_number(consultation: str) -> str:
    return _of(consultation, "proposal-number")


def accepted(consultation: str) -> str:
    return _of(consultation, "accepted")


# What belongs to staff lies in one slot, of no consultation.
STAFF_MEMBERS = f"iso:staff:{{{STAFF}}}:members"
STAFF_LINKS = f"iso:staff:{{{STAFF}}}:links"
STAFF_TOKENS = f"iso:staff:{{{STAFF}}}:tokens"
STAFF_TOKEN_DAYS = f"iso:staff:{{{STAFF}}}:token-days"
STAFF_ACTS = f"iso:staff:{{{STAFF}}}:acts"


def staff_session(digest: str) -> str:
    return f"iso:staff:{{{STAFF}}}:session:{digest}"


def staff_deed(number: str) -> str:
    return f"iso:staff:{{{STAFF}}}:deed:{number}"


def dossiers(subject: str) -> str:
    """Return the key of what was published about a consultation (its id) or `operation:<slug>`.

    With the trail, so that both are written at once.
    """
    return f"iso:staff:{{{STAFF}}}:dossiers:{subject}"


def lets_staff_in(key: str) -> bool:
    """Whether it is a session, or holds links to sign in or tokens."""
    secrets = (STAFF_LINKS, STAFF_TOKENS, STAFF_TOKEN_DAYS)
    return key in secrets or key.startswith(staff_session(""))


def figures(consultation: str) -> str:
    return _of(consultation, "figures")


def participation(consultation: str) -> str:
    return _of(consultation, "participation")


def queue(consultation: str) -> str:
    return _of(consultation, "queue")


def indexed(consultation: str) -> str:
    return _of(consultation, "indexed")


def arrivals(consultation: str) -> str:
    return _of(consultation, "arrivals")


def due(consultation: str) -> str:
    return _of(consultation, "due")


def decided(consultation: str) -> str:
    return _of(consultation, "decided")


def lately(consultation: str) -> str:
    return _of(consultation, "lately")


def edits(consultation: str) -> str:
    return _of(consultation, "edits")


def notes(consultation: str) -> str:
    return _of(consultation, "notes")


def looking(consultation: str) -> str:
    return _of(consultation, "looking")


def tags(consultation: str) -> str:
    return _of(consultation, "tags")


def twins(consultation: str) -> str:
    return _of(consultation, "twins")


def labels(consultation: str) -> str:
    return _of(consultation, "labels")


def second(consultation: str) -> str:
    return _of(consultation, "second")


def sampled(consultation: str) -> str:
    return _of(consultation, "sampled")


def said(consultation: str) -> str:
    return _of(consultation, "said")


def changes(consultation: str) -> str:
    return _of(consultation, "changes")


def agreement(consultation: str) -> str:
    return _of(consultation, "agreement")


def acts(consultation: str) -> str:
    return _of(consultation, "acts")


def acts_of(consultation: str) -> str:
    return _of(consultation, "acts-of")


def reports(consultation: str) -> str:
    return _of(consultation, "reports")
