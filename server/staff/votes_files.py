"""The votes of a consultation, written out in the Polis format: into a folder, or as one zip."""

import io
import random
import zipfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO, TextIO

from server.consultations.consultation import Consultation
from server.consultations.errors import VotesTooMany
from server.consultations.polis_files import PolisFiles
from server.store.store import Store
from server.web.aside import aside

VOTES, MATRIX = "votes.csv", "participants-votes.csv"
COMMENTS, SUMMARY = "comments.csv", "summary.csv"
MOST_CELLS = 1_000_000_000  # voters times proposals in the matrix: a file of a gigabyte or so
# What the console gives, out of the memory of a process that takes votes: some 20 MB.
FEW_VOTES, FEW_CELLS = 200_000, 5_000_000

Report = Callable[[int, int], None]  # voters written, of all


@dataclass(frozen=True)
class Written:
    """`matrix` is None where the voters and proposals are too many for one."""

    voters: int
    votes: int
    proposals: int
    matrix: str | None


def write(
    store: Store,
    consultation: Consultation,
    url: str,
    create: Callable[[str], TextIO],
    report: Report = lambda _done, _all: None,
    most_votes: int | None = None,
) -> Written:
    """Write all files; `create` opens one of a name. Raises `BallotsDestroyed`.

    Voters are drawn by lot and numbered in that order, anew each time. Each row is one voter's
    ballots at one instant; who votes meanwhile is in it as of the instant they are read.
    """
    proposals = store.consultations.proposals(consultation)
    voters = [*{key for page in store.records.pages(consultation) for key in page}]
    random.SystemRandom().shuffle(voters)
    wide = len(voters) * len(proposals) <= MOST_CELLS
    with ExitStack() as files:
        votes = files.enter_context(create(VOTES))
        matrix = files.enter_context(create(MATRIX)) if wide else None
        polis = PolisFiles(proposals, datetime.now(UTC), votes, matrix)
        for number, codes in enumerate(store.records.ballots(consultation, voters), 1):
            polis.voter(codes)
            if most_votes is not None and polis.votes > most_votes:
                raise _too_many(consultation)
            report(number, len(voters))
        polis.write_comments(files.enter_context(create(COMMENTS)))
        polis.write_summary(files.enter_context(create(SUMMARY)), consultation, url)
    return Written(polis.voters, polis.votes, len(proposals), MATRIX if wide else None)


def zipped(store: Store, consultation: Consultation, url: str) -> IO[bytes]:
    """Return a zip with all files; raise `VotesTooMany` where it would keep others waiting."""
    proposals = len(store.consultations.proposal_ids(consultation))
    if store.tallies.voters(consultation) * proposals > FEW_CELLS:
        raise _too_many(consultation)
    made: dict[str, _Kept] = {}

    def create(name: str) -> TextIO:
        return made.setdefault(name, _Kept())

    # Here and not aside: every step waits for the store, and lets other requests go on meanwhile.
    write(store, consultation, url, create, most_votes=FEW_VOTES)
    return aside(_packed, {f"{consultation.slug}/{name}": made[name].text for name in made})


def _packed(texts: dict[str, str]) -> IO[bytes]:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in texts.items():
            archive.writestr(name, text)
    packed.seek(0)
    return packed


class _Kept(io.StringIO):
    """A file in memory, whose text outlives it."""

    text = ""

    def close(self) -> None:
        self.text = self.getvalue()
        super().close()


def _too_many(consultation: Consultation) -> VotesTooMany:
    return VotesTooMany(
        f"These are too many votes for the console: an operator writes them out with "
        f"`isoloir consultation votes {consultation.slug} FOLDER`."
    )
