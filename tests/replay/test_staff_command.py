"""`isoloir staff`, as an operator types it."""

import re
from datetime import UTC, datetime

from server.consultations.consultation import Consultation
from server.staff.acts import Way
from server.store.store import Store
from tests.replay.shell import Shell


def test_who_is_invited_can_sign_in_once(shell: Shell, store: Store, opened: Consultation) -> None:
    done = shell.run(
        "staff", "invite", "Awa Diop", "--role", "moderator", "--consultation", opened.slug
    )
    assert done.returncode == 0, done.stderr
    found = re.fullmatch(r"http://localhost:8000/staff/sign-in#([\w-]{43})\n", done.stdout)
    assert found
    assert re.search(r"works once, until 20\d\d-\d\d-\d\d \d\d:\d\d \(\w+\)", done.stderr)
    _, member = store.staff.sign_in(found[1], "fr")
    assert (member.name, member.consultations) == ("Awa Diop", (opened.slug,))
    (act,) = store.acts.latest()
    assert (act.act.who, act.act.way, act.act.what) == (
        "operator",
        Way.COMMAND,
        "member-invited",
    )
    assert found[1] not in str(act)


def test_members_are_listed_and_removed_with_their_tokens(
    shell: Shell, store: Store, opened: Consultation
) -> None:
    shell.run("staff", "invite", "Léa", "--role", "editor", "--source", "rmc", "--source", "bfm")
    made = shell.run("staff", "token", "léa", "--scope", "own-sources", "--label", "tableau")
    assert made.returncode == 0, made.stderr
    assert store.staff.use_token(made.stdout.strip(), datetime.now(UTC).date())
    listed = shell.run("staff", "list").stdout
    assert "Léa  editor  bfm rmc  since 20" in listed
    assert "tableau  own-sources  last used 20" in listed
    assert made.stdout.strip() not in listed
    done = shell.run("staff", "remove", "Léa")
    assert (done.returncode, store.staff.members(), store.staff.tokens()) == (0, (), ())
    again = shell.run("staff", "remove", "Léa")
    assert (again.returncode, again.stderr) == (1, "There is no member “Léa”.\n")


def test_what_cannot_be_is_said_in_one_line(shell: Shell, opened: Consultation) -> None:
    for arguments, said in (
        (("invite", "Awa", "--role", "editor"), "An editor needs at least one source.\n"),
        (
            ("invite", "Awa", "--role", "analyst", "--consultation", "jamais-vu"),
            "No consultation “jamais-vu”.\n",
        ),
        (("token", "Awa", "--scope", "acts"), "There is no member “Awa”.\n"),
    ):
        done = shell.run("staff", *arguments)
        assert (done.returncode, done.stderr) == (1, said)
    assert shell.run("staff", "token", "Awa", "--scope", "acts", "--until", "x").returncode != 0
    assert shell.run("staff", "invite", "Awa", "--role", "king").returncode == 2
