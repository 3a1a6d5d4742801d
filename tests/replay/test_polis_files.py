"""Polis exports: the history is read as it was published, or every fault is listed."""

from pathlib import Path

import pytest

from server.consultations import polis
from server.consultations.ballots import Vote
from server.consultations.errors import FileRefused
from server.consultations.polis import Conversation, Wish

SEATTLE = Path(__file__).parent / "data" / "seattle"
VOTES = "timestamp,datetime,comment-id,voter-id,vote\n"
COMMENTS = """\
timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body
1,Thu,1,9,5,5,-1,"Rejected, long:
two lines"
2,Thu,0,9,0,0,1,Fine
"""


def parse(votes: str, comments: str = COMMENTS) -> Conversation:
    return polis.parse(votes.encode(), "votes.csv", comments.encode(), "comments.csv")


def faults(votes: str, comments: str = COMMENTS) -> list[str]:
    with pytest.raises(FileRefused) as refused:
        parse(votes, comments)
    return refused.value.detail.splitlines()


def test_the_published_conversation_reads_whole() -> None:
    """2 995 rows of 339 voters on 54 statements; 2 872 ballots stand at the end."""
    votes, comments = (SEATTLE / name for name in ("votes.csv", "comments.csv"))
    found = polis.parse(votes.read_bytes(), "v", comments.read_bytes(), "c")
    assert (len(found.statements), len(found.histories), found.wishes) == (54, 339, 2995)
    assert sum(sum(counts.values()) for counts in found.outcome().values()) == 2872
    assert max(len(statement.text) for statement in found.statements) == 311


def test_a_statement_is_taken_as_it_stands() -> None:
    """Rejected ones, long ones and those of several lines are voted on too."""
    statements = parse(VOTES + "1,Thu,0,7,1\n").statements
    assert [(s.comment, s.text) for s in statements] == [
        (0, "Fine"),
        (1, "Rejected, long:\ntwo lines"),
    ]


def test_a_voters_rows_are_put_in_the_order_of_time_and_then_of_the_file() -> None:
    """The last word of a voter stands, whatever the order of the rows in the file."""
    found = parse(VOTES + "30,Thu,0,7,1\n10,Thu,0,7,0\n20,Thu,1,7,-1\n30,Thu,0,7,-1\n5,Thu,0,8,1\n")
    assert found.histories[7] == (
        Wish(10, 0, Vote.NEUTRAL),
        Wish(20, 1, Vote.DISAGREE),
        Wish(30, 0, Vote.AGREE),
        Wish(30, 0, Vote.DISAGREE),
    )
    assert found.outcome() == {
        0: {Vote.AGREE: 1, Vote.DISAGREE: 1, Vote.NEUTRAL: 0},
        1: {Vote.AGREE: 0, Vote.DISAGREE: 1, Vote.NEUTRAL: 0},
    }


def test_every_fault_of_the_votes_is_listed_with_its_line() -> None:
    """Nothing is guessed and nothing is left out silently."""
    rows = (
        "1,Thu,0,7,1\nx,Thu,0,7,1\n\n1,Thu,5,7,1\n1,Thu,0,-7,1\n1,Thu,0,7,2\n1,Thu,0\n1,Thu,0,7,\n"
    )
    assert faults(VOTES + rows) == [
        "votes.csv:3: timestamp: must be a whole number, not “x”.",
        "votes.csv:5: comment-id: 5 is not among the comments.",
        "votes.csv:6: voter-id: must be a whole number, not “-7”.",
        "votes.csv:7: vote: must be 1, -1 or 0, not “2”.",
        "votes.csv:8: vote: is missing: the row is too short.",
        "votes.csv:9: vote: must be 1, -1 or 0, not “”.",
    ]


def test_every_fault_of_the_comments_is_listed_with_the_line_on_which_its_row_begins() -> None:
    """Texts of several lines do not shift the numbers."""
    assert faults(VOTES, COMMENTS + "3,Thu,1,9,0,0,1,Again\n4,Thu,2,9,0,0,1, \n") == [
        "comments.csv:5: comment-id: 1 is there twice.",
        "comments.csv:6: comment-body: is empty.",
    ]


@pytest.mark.parametrize(
    ("votes", "fault"),
    [
        ("", "votes.csv:1: timestamp: column is missing."),
        ("timestamp,comment-id,voter-id\n1,0,7\n", "votes.csv:1: vote: column is missing."),
        (VOTES, "votes.csv:1: file: holds no row."),
        (VOTES + '1,Thu,0,7,"1\n', "votes.csv:2: row: cannot be read: unexpected end of data."),
        (VOTES + "1" * 20 + ",Thu,0,7,1\n", "must be a whole number"),
    ],
)
def test_a_file_that_is_no_vote_history_is_refused(votes: str, fault: str) -> None:
    """A wrong, empty or torn file says what is wrong with it."""
    assert any(fault in line for line in faults(votes))


def test_bytes_that_are_not_text_are_refused_with_their_line() -> None:
    with pytest.raises(FileRefused, match=r"^votes\.csv:2: file: is not UTF-8 text\.$"):
        polis.parse(VOTES.encode() + b"\xff\n", "votes.csv", COMMENTS.encode(), "comments.csv")


def test_the_topic_is_read_from_the_summary() -> None:
    """A summary without one, or one that cannot be read, names none."""
    assert polis.topic((SEATTLE / "summary.csv").read_bytes()) == "$15/hour"
    assert polis.topic(b"url,https://pol.is/x\n") is None
    assert polis.topic(b"topic,\xff\n") is None
