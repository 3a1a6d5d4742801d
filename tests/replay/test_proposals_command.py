"""`isoloir proposals`, as staff type it."""

from dataclasses import replace
from datetime import UTC, datetime

from server.consultations.consultation import Consultation, ProposalState
from server.consultations.proposing import Draft, RefusalReason
from server.store.store import Store
from tests.replay.shell import Shell


def propose(store: Store, opened: Consultation, *texts: str) -> None:
    for number, text in enumerate(texts):
        written = Draft(text, "fr", "Zoé" if number else None, 31 if number else None)
        store.proposing.propose(opened, "author", written, number, 1)


def test_what_waits_is_listed_accepted_and_refused(
    shell: Shell, store: Store, opened: Consultation
) -> None:
    propose(store, opened, "Il faut dormir plus", "Il faut manger mieux", "Il faut rire assez")
    listed = shell.run("proposals", "list", opened.slug)
    lines = listed.stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["25", "26", "27"]
    assert f"{datetime.now(UTC):%Y-%m-%d}" in lines[0]
    assert lines[0].endswith("  Il faut dormir plus")
    assert lines[1].endswith("  Il faut manger mieux  (Zoé, 25-34)")
    assert listed.stderr == f"{opened.slug}: 3 waiting.\n"

    done = shell.run("proposals", "accept", opened.slug, 25, 27)
    assert (done.returncode, done.stdout) == (0, "Accepted: 25, 27.\n")
    done = shell.run("proposals", "refuse", opened.slug, 26, "--reason", "duplicate")
    assert (done.returncode, done.stdout) == (0, "Refused (duplicate): 26.\n")
    found = {one.proposal.id: one for one in store.proposing.of(opened, "author")}
    assert [found[n].proposal.state for n in (25, 26, 27)] == ["accepted", "refused", "accepted"]
    assert found[26].reason is RefusalReason.DUPLICATE
    assert shell.run("proposals", "list", opened.slug).stdout == ""


def test_what_cannot_be_decided_is_said_in_one_line(
    shell: Shell, store: Store, opened: Consultation
) -> None:
    propose(store, opened, "Il faut dormir plus")
    done = shell.run("proposals", "accept", opened.slug, 25, 99)
    assert (done.returncode, done.stderr) == (1, "Not waiting for a decision: 99.\n")
    done = shell.run("proposals", "refuse", opened.slug, 25)
    assert (done.returncode, "--reason" in done.stderr) == (2, True)
    done = shell.run("proposals", "refuse", opened.slug, 25, "--reason", "because")
    assert (done.returncode, "off-topic" in done.stderr) == (2, True)
    assert shell.run("proposals", "list", "jamais-vu").returncode == 1
    assert len(store.proposing.waiting(opened)) == 1


def test_once_closed_none_is_accepted_but_one_can_be_refused(
    shell: Shell, store: Store, opened: Consultation
) -> None:
    """The minutes list what was voted on; its author may still be told."""
    propose(store, opened, "Il faut dormir plus")
    store.consultations.replace(replace(opened, closes=datetime.now(UTC)))
    done = shell.run("proposals", "accept", opened.slug, 25)
    assert (done.returncode, "closed on" in done.stderr) == (1, True)
    done = shell.run("proposals", "refuse", opened.slug, 25, "--reason", "other")
    assert done.returncode == 0, done.stderr
    (own,) = store.proposing.of(opened, "author")
    assert own.proposal.state is ProposalState.REFUSED


def test_staff_are_told_which_one_says_the_same_already(
    shell: Shell, store: Store, opened: Consultation
) -> None:
    propose(store, opened, "Il faut dormir plus", "Il faut essayer la Mesure numero 7")
    again = Draft("IL FAUT dormir plus", "fr")
    store.proposing.propose(opened, "another", again, 1, 1)
    lines = shell.run("proposals", "list", opened.slug).stdout.splitlines()
    told = [line.partition("[the same as ")[2].rstrip("]") for line in lines]
    assert told == ["", "7", "25"]


def test_a_decision_that_is_held_can_be_undone_and_the_trail_tells_both(
    shell: Shell, store: Store, opened: Consultation
) -> None:
    propose(store, opened, "Il faut dormir plus")
    done = shell.run("proposals", "refuse", opened.slug, 25, "--reason", "legal", "--hold")
    assert done.stdout == "Refused (legal): 25.\n"
    (own,) = store.proposing.of(opened, "author")
    assert own.proposal.state is ProposalState.PENDING
    again = shell.run("proposals", "accept", opened.slug, 25)
    assert again.stderr == "Proposal 25 was decided by operator already: refuse.\n"
    assert shell.run("proposals", "undo", opened.slug, 25).stdout == "Undone: 25 waits again.\n"
    done = shell.run("proposals", "accept", opened.slug, 25, "--text", "Il faut dormir mieux")
    assert done.returncode == 0, done.stderr
    late = shell.run("proposals", "undo", opened.slug, 25)
    assert (late.returncode, late.stderr) == (1, "Nothing to undo any more: 25.\n")
    told = shell.run("proposals", "history", opened.slug, 25).stdout.splitlines()
    assert [line.split("  ")[1:3] for line in told[:3]] == [
        ["operator", "accept 25"], ["operator", "undo 25"], ["operator", "refuse 25"],
    ]  # fmt: skip
    assert told[3].endswith("before operator mended it: Il faut dormir plus")
    assert len(shell.run("proposals", "history", opened.slug).stdout.splitlines()) == 3


def test_duplicates_are_merged_and_what_must_go_is_taken_down_and_put_back(
    shell: Shell, store: Store, opened: Consultation
) -> None:
    propose(store, opened, "Il faut dormir plus", "Il faut sommeiller plus")
    shell.run("proposals", "accept", opened.slug, 25)
    done = shell.run("proposals", "merge", opened.slug, 26, "--into", 25)
    assert done.stdout == "Merged into 25: 26.\n"
    assert store.proposing.of(opened, "author")[1].into
    bad = shell.run("proposals", "merge", opened.slug, 25, "--into", 25)
    assert bad.stderr == "Proposal 25 cannot stand for 25.\n"
    done = shell.run("proposals", "take-down", opened.slug, 25, "--reason", "legal")
    assert (done.returncode, done.stderr) == (0, "")
    assert store.proposing.of(opened, "author")[0].proposal.state is ProposalState.REFUSED
    assert shell.run("proposals", "put-back", opened.slug, 25).stdout == "Put back: 25.\n"
    assert store.proposing.of(opened, "author")[0].proposal.state is ProposalState.ACCEPTED


def test_the_queue_is_told_in_figures_and_hints_stand_in_the_list(
    shell: Shell, store: Store, opened: Consultation
) -> None:
    propose(store, opened, "Il faut appeler Mme Durand", "Il faut dormir plus")
    done = shell.run("proposals", "postpone", opened.slug, 25, "--hours", 3, "--note", "À voir")
    assert done.stdout == "Postponed for 3 h: 25.\n"
    lines = shell.run("proposals", "list", opened.slug).stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["26", "25"]
    assert "[name: Mme Durand]" in lines[1]
    assert lines[1].endswith(" À voir]")
    told = shell.run("proposals", "queue").stdout
    assert told.startswith(f"{opened.slug}: 1 waiting, 1 postponed, the oldest for 0.0 h")
    assert told.endswith("in the last hour 0 decided, 2 new; never empty at this pace\n")
    none = shell.run("proposals", "agreement", opened.slug)
    assert none.stderr == "Nothing was judged a second time yet.\n"
