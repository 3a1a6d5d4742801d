"""Members of staff: who they are here, and which consultations are theirs."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from server.consultations.consultation import SLUG, Consultation
from server.consultations.errors import MemberRefused
from server.consultations.moderation import OPERATOR
from server.consultations.wording import TRICK
from server.staff.roles import PERMISSIONS, Permission, Role

NAME_LENGTH = 60  # characters
MOST_BOUND = 200  # consultations or sources that one member is bound to
WORD_LENGTH = 80  # characters of a slug or of a source's name
ID_LENGTH = 12  # hexadecimal digits
# What a trail calls the command line, in each language, and the worker that acts by itself.
RESERVED = {OPERATOR, "exploitation", "teller"}
# Of Greek and Cyrillic the letters that read as Latin ones of these words.
ALIKE = str.maketrans("аеорстхіοατρειχ", "aeopctxioatpeix")


@dataclass(frozen=True)
class Member:
    """`consultations` are slugs; none at all means every one. `sources` are an editor's own."""

    name: str
    role: Role
    since: datetime
    consultations: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return id_of(self.name)

    @property
    def permissions(self) -> frozenset[Permission]:
        return PERMISSIONS[self.role]

    def has_part_in(self, consultation: Consultation) -> bool:
        """Whether the consultation is one of theirs; an editor's carries a source of theirs."""
        if self.consultations and consultation.slug not in self.consultations:
            return False
        names = {source.name for source in consultation.sources}
        return self.role is not Role.EDITOR or not names.isdisjoint(self.sources)


def is_reserved(name: str) -> bool:
    """Whether the name reads as one of those by which no person acts."""
    plain = unicodedata.normalize("NFKD", name).casefold().translate(ALIKE)
    return "".join(filter(str.isalnum, plain)) in RESERVED


def id_of(name: str) -> str:
    """Return a member's id: names that differ in capitals or spaces alone are one member's."""
    plain = " ".join(unicodedata.normalize("NFKC", name).casefold().split())
    return sha256(plain.encode()).hexdigest()[:ID_LENGTH]


def member(
    name: str,
    role: Role,
    since: datetime,
    consultations: Iterable[str] = (),
    sources: Iterable[str] = (),
) -> Member:
    """Return a member as asked for; raise `MemberRefused` with the field at fault."""
    written = " ".join(unicodedata.normalize("NFC", name).split())
    if not 1 <= len(written) <= NAME_LENGTH or TRICK.search(written) or not written.isprintable():
        raise MemberRefused(f"A name has 1 to {NAME_LENGTH} characters, in one line.", "name")
    if is_reserved(written):
        raise MemberRefused(f"“{written}” is what the trail calls acts of no person.", "name")
    slugs, names = _words(consultations, "consultations"), _words(sources, "sources")
    if role is Role.EDITOR and not names:
        raise MemberRefused("An editor needs at least one source.", "sources")
    if role is Role.ADMIN and slugs:
        # Who lets people in could let themselves in anywhere.
        raise MemberRefused("An admin is bound to no consultation.", "consultations")
    if role is not Role.EDITOR and names:
        raise MemberRefused("Only an editor is bound to sources.", "sources")
    return Member(written, role, since, slugs, names)


def _words(given: Iterable[str], field: str) -> tuple[str, ...]:
    words = tuple(sorted(set(given)))
    if len(words) > MOST_BOUND:
        raise MemberRefused(f"At most {MOST_BOUND}.", field)
    for word in words:
        if len(word) > WORD_LENGTH or not SLUG.fullmatch(word):
            raise MemberRefused(f"“{word[:WORD_LENGTH]}” is none: a-z, 0-9 and hyphens.", field)
    return words
