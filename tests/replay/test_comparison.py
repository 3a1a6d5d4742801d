"""Comparison: every number of every place, and not one less."""

import re
from pathlib import Path

from server.cli import replay
from server.consultations.ballots import Ballot, Trust, Vote, encode
from server.consultations.tallies import Counters
from server.replay import comparison
from server.replay.comparison import Difference

AGREE = encode(Ballot.of(Vote.AGREE), Trust.SEQUENCE)
WEAK = encode(Ballot.of(Vote.AGREE), Trust.TRUSTED)
FILE = comparison.from_file(
    {0: {Vote.AGREE: 2, Vote.DISAGREE: 0, Vote.NEUTRAL: 1}}, proposals={0: 1}
)


def row(proposal: str, source: str, agree: int, neutral: int) -> dict[str, object]:
    def counts(number: int) -> dict[str, int]:
        return dict.fromkeys(("count", "countVerified", "countSequence"), number)

    votes = {"agree": counts(agree), "disagree": counts(0), "neutral": counts(neutral)}
    return {"proposal": proposal, "source": source, "votes": votes}


def test_a_place_that_says_the_same_does_not_differ() -> None:
    """The receiver's rows of several sources are added up."""
    rows = [row("here:1", "direct", 1, 1), row("here:1", "rmc", 1, 0)]
    found = comparison.from_rows(rows, {"here:1": 1})
    assert comparison.differences(FILE, {"receiver": found}) == []


def test_a_number_that_is_missing_or_too_much_differs() -> None:
    """Nothing stands for 0; a proposal that nobody knows counts as one too many."""
    stranger = comparison.from_rows([row("there:9", "direct", 4, 0)], {"here:1": 1})
    places = {"published": {}, "receiver": {**FILE, **stranger}}
    assert [(d.place, d.proposal, d.vote) for d in comparison.differences(FILE, places)] == [
        ("published", 1, Vote.AGREE),
        ("published", 1, Vote.NEUTRAL),
        ("receiver", 0, Vote.AGREE),
    ]


def test_a_vote_that_weighs_less_than_it_should_differs() -> None:
    """The count is right, but one ballot was not counted as asked for by the platform."""
    found = comparison.from_histograms({1: {1: {AGREE: 1, WEAK: 1}}})
    neutral = {(1, Vote.NEUTRAL): Counters(1, 1, 1)}
    (one,) = comparison.differences(FILE, {"ballots": {**found, **neutral}})
    assert one == Difference("ballots", 1, Vote.AGREE, Counters(2, 2, 2), Counters(2, 2, 1))
    assert comparison.words(one.found) == "2/2/1"


def test_the_table_has_a_column_for_each_place_and_a_line_for_each_vote() -> None:
    lines = comparison.table(FILE, {"ballots": FILE})
    assert [line.split() for line in lines] == [
        ["file", "ballots"],
        ["agree", "2", "2"],
        ["disagree", "0", "0"],
        ["neutral", "1", "1"],
    ]


def test_the_docs_name_every_option() -> None:
    """The table in docs/staff/replaying.md is that of the command."""
    docs = Path(__file__).parents[2] / "docs" / "staff" / "replaying.md"
    named = set(re.findall(r"(?m)^\| `(--\w+)` \|", docs.read_text("utf-8")))
    assert named == {option for p in replay.command.params for option in p.opts if "--" in option}
