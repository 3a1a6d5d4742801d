"""Voting: every voter of a conversation casts their whole history, many voters at a time."""

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait

from server.consultations.polis import Conversation, Wish
from server.replay.service import Service

LOOK = 0.1  # seconds between two looks at how far the voters are


class Votes:
    """How many wishes were acknowledged so far, over all threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.acknowledged = 0

    def add(self) -> None:
        with self._lock:
            self.acknowledged += 1


def cast_all(
    service: Service,
    conversation: Conversation,
    proposals: Mapping[int, int],
    threads: int,
    report: Callable[[int], None],
) -> None:
    """Cast every wish and return when all are acknowledged; raise what stopped a voter.

    `proposals` maps comments to proposal ids. `report` hears how many more were acknowledged.
    A voter stays on one thread, so that their wishes arrive in order.
    """
    votes = Votes()

    def turn_out(history: tuple[Wish, ...]) -> None:
        voter = service.voter()
        for wish in history:
            service.cast(voter, proposals[wish.comment], wish.vote)
            votes.add()

    with ThreadPoolExecutor(threads) as pool:
        # Those with most to say first: then no long history is left over at the end.
        histories = sorted(conversation.histories.values(), key=len, reverse=True)
        turnout = [pool.submit(turn_out, history) for history in histories]
        try:
            _follow(turnout, votes, report)
        except BaseException:
            # The pool waits for all its threads: none of them may go on being patient.
            service.stop()
            raise


def _follow(turnout: list[Future[None]], votes: Votes, report: Callable[[int], None]) -> None:
    """Report progress until all are done or one has failed; then raise its error."""
    reported, pending = 0, set(turnout)
    while pending:
        done, pending = wait(pending, timeout=LOOK, return_when=FIRST_EXCEPTION)
        acknowledged = votes.acknowledged
        report(acknowledged - reported)
        reported = acknowledged
        for voter in done:
            voter.result()
