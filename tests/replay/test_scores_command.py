"""`isoloir proposals scores`, as staff type it."""

import re
from dataclasses import replace

from server.consultations.ballots import Ballot, Trust, Vote
from server.consultations.consultation import Consultation, ProposalState
from server.store.ballots import Wish
from server.store.store import Store
from tests.conftest import consultation, proposals
from tests.replay.shell import Shell
from tests.store.casting import RMC


def votes(store: Store, opened: Consultation, proposal: int, trust: Trust, *numbers: int) -> None:
    """Cast so many votes of each kind on a proposal, each by a voter of its own."""
    for vote, number in zip(Vote, numbers, strict=True):
        for one in range(number):
            wish = Wish(proposal, Ballot(vote), trust, RMC)
            store.ballots.cast(opened, 0, f"{proposal}{trust}{vote}{one}", wish)


def test_lists_say_where_each_proposal_stands(
    shell: Shell, store: Store, opened: Consultation
) -> None:
    votes(store, opened, 3, Trust.SEQUENCE, 24, 2, 2)
    votes(store, opened, 5, Trust.SEQUENCE, 12, 12, 1)
    votes(store, opened, 7, Trust.SEQUENCE, 2, 26, 2)
    votes(store, opened, 9, Trust.SEQUENCE, 9, 0, 0)
    votes(store, opened, 5, Trust.TRUSTED, 60, 0, 0)
    assert listed(shell, opened) == [(3, "consensus"), (5, "controversy"), (7, "rejection")]
    by = listed(shell, opened, "--by", "controversy")
    assert by[0] == (5, "controversy")
    assert listed(shell, opened, "--by", "rejection", "--most", 1) == [(7, "rejection")]
    new = listed(shell, opened, "--by", "new")
    assert len(new) == 21
    assert (9, "new") in new
    assert [number for number, _ in new] == sorted(number for number, _ in new)
    done = shell.run("proposals", "scores", opened.slug)
    assert "85 votes, 25 asked" in done.stdout.splitlines()[1]
    assert done.stderr == f"{opened.slug}: 3 of 24 proposals.\n"


def test_only_what_readers_can_meet_is_listed(shell: Shell, store: Store) -> None:
    accepted, waiting, refused = proposals(3)
    made = [
        accepted,
        replace(waiting, state=ProposalState.PENDING),
        replace(refused, state=ProposalState.REFUSED),
    ]
    opened = store.consultations.create(consultation("mieux-dormir"), made)
    assert listed(shell, opened, "--by", "new") == [(accepted.id, "new")]


def listed(shell: Shell, opened: Consultation, *options: object) -> list[tuple[int, str]]:
    """Return number and zone of each line."""
    done = shell.run("proposals", "scores", opened.slug, *options)
    assert done.returncode == 0, done.stderr
    found = [re.match(r" *(\d+)  (\S+) ", line) for line in done.stdout.splitlines()]
    return [(int(one[1]), one[2]) for one in found if one]
