"""A consultation's votes as the files of a Polis export, one row for each voter: for staff only.

Columns: compdemocracy/polis, server/src/routes/export.ts; `is-seed` and `is-meta` besides, without
which red-dwarf would ask a Polis server for them. Nothing here tells when somebody voted (that is
not kept), through which source, or who has proposed what: each would help to find a person again.
"""

import csv
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import TextIO

from server.consultations.ballots import Trust, Vote, decode
from server.consultations.consultation import Consultation, Proposal, ProposalState

VALUES = {Vote.AGREE: 1, Vote.DISAGREE: -1, Vote.NEUTRAL: 0}
STATES = {ProposalState.ACCEPTED: 1, ProposalState.PENDING: 0, ProposalState.REFUSED: -1}
ENOUGH = 7  # votes, or all there are, with which Polis counts a voter as in the conversation
FORMULA = ("=", "+", "-", "@", "\t", "\r")

VOTES = ("timestamp", "datetime", "comment-id", "voter-id", "vote")
MATRIX = ("participant", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree")
COMMENTS = (
    "timestamp", "datetime", "comment-id", "author-id", "agrees", "disagrees", "moderated",
    "comment-body", "is-seed", "is-meta",
)  # fmt: skip


class PolisFiles:
    """Writes voter by voter; holds nothing of a voter that is written.

    `at` stands in every row: no vote has a time of its own. Without `matrix` that file is left out.
    """

    def __init__(
        self, proposals: Iterable[Proposal], at: datetime, votes: TextIO, matrix: TextIO | None
    ) -> None:
        self._proposals = sorted(proposals, key=lambda one: one.id)
        self._columns = {one.id: column for column, one in enumerate(self._proposals)}
        self._votes, self._matrix = votes, matrix
        self._stamp = (str(int(at.timestamp() * 1000)), date_words(at))
        self._sums = {one.id: dict.fromkeys(VALUES.values(), 0) for one in self._proposals}
        self.voters = self.votes = self.in_conversation = 0
        votes.write(",".join(VOTES) + "\n")
        if matrix:
            matrix.write(",".join((*MATRIX, *map(str, self._columns))) + "\n")

    def voter(self, codes: Mapping[int, int]) -> None:
        """Write one voter's ballots under the next number; nothing if none of them counts.

        What is unverified or quarantined is left out, as in all that readers are shown.
        """
        cast = {
            proposal: VALUES[ballot.ballot.vote]
            for proposal in sorted(codes.keys() & self._columns.keys())
            if (ballot := decode(codes[proposal])).weight > Trust.UNVERIFIED
        }
        if not cast:
            return
        number, (stamp, words) = self.voters, self._stamp
        for proposal, vote in cast.items():
            self._sums[proposal][vote] += 1
            self._votes.write(f"{stamp},{words},{proposal},{number},{vote}\n")
        self._write_row(number, cast)
        self.voters += 1
        self.votes += len(cast)
        self.in_conversation += len(cast) >= min(ENOUGH, len(self._columns))

    def _write_row(self, number: int, cast: Mapping[int, int]) -> None:
        if not self._matrix:
            return
        cells = [""] * len(self._columns)
        for proposal, vote in cast.items():
            cells[self._columns[proposal]] = str(vote)
        agreed, disagreed = (sum(vote == one for vote in cast.values()) for one in (1, -1))
        head = f"{number},,0,{len(cast)},{agreed},{disagreed},"
        self._matrix.write(head + ",".join(cells) + "\n")

    def write_comments(self, file: TextIO) -> None:
        """Write every proposal with the sums of the votes that were written.

        Each has an author of its own, whose number no voter has.
        """
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COMMENTS)
        for column, one in enumerate(self._proposals):
            sums, state = self._sums[one.id], STATES[one.state]
            author, text = self.voters + column, plain(one.text)
            row = (one.id, author, sums[1], sums[-1], state, text, False, False)
            writer.writerow((*self._stamp, *row))

    def write_summary(self, file: TextIO, consultation: Consultation, url: str) -> None:
        csv.writer(file, lineterminator="\n").writerows(
            (
                ("topic", plain(consultation.question)),
                ("url", url),
                ("voters", self.voters),
                ("voters-in-conv", self.in_conversation),
                # Nobody counts authors, nor looks for groups here: 0 would say there are none.
                ("commenters", ""),
                ("comments", len(self._proposals)),
                ("groups", ""),
                ("conversation-description", plain(consultation.afterwards or "")),
            )
        )


def plain(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: such a one gets an apostrophe."""
    return f"'{text}" if text.startswith(FORMULA) else text


def date_words(at: datetime) -> str:
    """Return an instant as Polis writes it, whatever the locale of this machine."""
    words = at.astimezone(UTC).ctime()
    return f"{words[:-4]}UTC {words[-4:]}"
