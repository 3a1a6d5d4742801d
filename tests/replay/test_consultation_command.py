"""`isoloir consultation`, as staff type it."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from server.consultations import files
from server.consultations.answers import Answer
from server.consultations.ballots import Ballot, Trust, Vote
from server.consultations.consultation import Consultation
from server.consultations.errors import Closed
from server.consultations.phases import Phase
from server.consultations.proposing import Draft, RefusalReason
from server.store.ballots import Wish
from server.store.store import Store
from tests.conftest import consultation, proposals
from tests.drawing import drawn
from tests.replay.shell import Shell

FILE = """\
slug: sommeil
question: Comment mieux dormir\u202f?
language: fr
timezone: Europe/Paris
opens: '{opens}-01-01 09:00:00'
closes: '2049-02-01 18:30:00'
results: after-vote
boxes: 1
retention: 90
proposals:
- id: 1
  text: Il faut commencer les cours plus tard
- id: 2
  text: Il faut éteindre les écrans le soir
"""
AGREE = Wish(1, Ballot.of(Vote.AGREE, ["doable"]), Trust.SEQUENCE, source=1)


def imported(shell: Shell, tmp_path: Path, store: Store, opens: int = 2026) -> Consultation:
    """Import the file with that year of opening and return what the store keeps."""
    path = tmp_path / "sommeil.yaml"
    path.write_text(FILE.format(opens=opens), "utf-8")
    done = shell.run("consultation", "import", path)
    assert done.returncode == 0, done.stderr
    return store.consultations.by_slug("sommeil")


def test_an_imported_file_is_in_the_store_and_exports_as_the_same_file(
    shell: Shell, tmp_path: Path, store: Store
) -> None:
    found = imported(shell, tmp_path, store)
    assert found.id
    assert len(store.consultations.proposals(found)) == 2
    assert shell.run("consultation", "export", "sommeil").stdout == FILE.format(opens=2026)


def test_a_file_with_errors_is_refused_whole_with_every_line(
    shell: Shell, tmp_path: Path, store: Store
) -> None:
    """Exit code 1, every fault on its line, and nothing in the store."""
    path = tmp_path / "bad.yaml"
    path.write_text(FILE.format(opens="26") + "- text: court\n- text: Il faut\n", "utf-8")
    done = shell.run("consultation", "import", path)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        f"{path}:5: opens: must be a day and a time, such as 2027-01-31 09:00.",
        f"{path}:15: proposals[3].text: must have 12 to 140 characters; it has 5.",
        f"{path}:16: proposals[4].text: must have 12 to 140 characters; it has 7.",
    ]
    assert store.redis.dbsize() == 0


def test_a_slug_is_taken_once(shell: Shell, tmp_path: Path, store: Store) -> None:
    """A second import changes nothing and says so."""
    before = imported(shell, tmp_path, store)
    again = shell.run("consultation", "import", tmp_path / "sommeil.yaml")
    assert (again.returncode, "sommeil" in again.stderr) == (1, True)
    assert store.consultations.all() == (before,)


def test_the_list_says_what_takes_votes_by_its_own_clock(
    shell: Shell, tmp_path: Path, store: Store
) -> None:
    imported(shell, tmp_path, store)
    store.consultations.create(consultation("essai", rehearsal=True), proposals())
    essai, sommeil = shell.run("consultation", "list").stdout.splitlines()
    assert essai.split()[:2] == ["essai", "open"]
    assert essai.endswith("rehearsal")
    window = "2026-01-01 09:00 to 2049-02-01 18:30 (Europe/Paris)"
    assert sommeil.split(maxsplit=2) == ["sommeil", "open", window]


def test_opening_brings_the_beginning_forward(shell: Shell, tmp_path: Path, store: Store) -> None:
    imported(shell, tmp_path, store, opens=2048)
    assert shell.run("consultation", "open", "sommeil").returncode == 0
    found = store.consultations.by_slug("sommeil")
    assert found.phase(datetime.now(UTC)) is Phase.OPEN
    assert str(found.opens.tzinfo) == "Europe/Paris"
    again = shell.run("consultation", "open", "sommeil")
    assert (again.returncode, "sommeil is open" in again.stderr) == (1, True)


def test_closing_seals_the_ballot_boxes_for_good(
    shell: Shell, tmp_path: Path, store: Store
) -> None:
    """Even a process that still believes the consultation open cannot cast a vote."""
    before = imported(shell, tmp_path, store)
    assert shell.run("consultation", "close", "sommeil").returncode == 0
    assert store.consultations.by_slug("sommeil").phase(datetime.now(UTC)) is Phase.CLOSED
    with pytest.raises(Closed):
        store.ballots.cast(before, 0, "a-voter", AGREE)
    assert shell.run("consultation", "open", "sommeil").returncode == 1
    assert shell.run("consultation", "close", "sommeil").returncode == 1


def test_an_unknown_consultation_is_one_clear_line(shell: Shell) -> None:
    for command in ("export", "close"):
        done = shell.run("consultation", command, "nowhere")
        assert (done.returncode, done.stderr) == (1, "No consultation “nowhere”.\n")


def test_an_export_of_the_store_is_what_the_file_said(
    shell: Shell, tmp_path: Path, store: Store
) -> None:
    """The demo consultation goes in and comes out with everything in it. What it left to the
    store, the number of boxes, is said.
    """
    from server.demo.consultation import FILE as demo

    assert shell.run("consultation", "import", demo).returncode == 0
    written = shell.run("consultation", "export", "reinventer-le-travail").stdout
    out, given = files.parse(written.encode(), "out"), files.parse(demo.read_bytes(), "in")
    assert out.proposals == given.proposals
    assert out.consultation == replace(given.consultation, boxes=1)


def test_staff_state_the_phases_after_the_vote(shell: Shell, tmp_path: Path, store: Store) -> None:
    """Forward only, each with its instant; stated again it stays as it was."""
    imported(shell, tmp_path, store)
    early = shell.run("consultation", "phase", "sommeil", "selection")
    assert (early.returncode, early.stderr) == (1, "sommeil is open: close it first.\n")
    assert shell.run("consultation", "close", "sommeil").returncode == 0
    for _ in range(2):
        done = shell.run("consultation", "phase", "sommeil", "workshops")
        assert (done.returncode, done.stderr) == (0, "")
        (stated,) = store.consultations.by_slug("sommeil").reached
    assert done.stdout == f"sommeil: workshops, since {stated.at:%Y-%m-%d %H:%M}.\n"
    back = shell.run("consultation", "phase", "sommeil", "selection")
    assert (back.returncode, back.stderr) == (1, "workshops is reached: there is no way back.\n")
    assert shell.run("consultation", "phase", "sommeil", "open").returncode == 2
    assert shell.run("consultation", "list").stdout.split()[:2] == ["sommeil", "workshops"]
    written = shell.run("consultation", "export", "sommeil").stdout
    again = files.parse(written.encode(), "out").consultation
    assert again.reached == store.consultations.by_slug("sommeil").reached


def written(tmp_path: Path, slug: str, *more: str) -> Path:
    """Write a file of its own with these keys as well."""
    path = tmp_path / f"{slug}.yaml"
    text = FILE.format(opens=2026).replace("slug: sommeil", "\n".join([f"slug: {slug}", *more]))
    path.write_text(text, "utf-8")
    return path


SOURCE = "sources: [{name: rmc, title: RMC, publisher: rmc, origins: [https://rmc.example]}]"


def test_a_logo_that_lies_beside_the_file_comes_back_inside_it(
    shell: Shell, tmp_path: Path, store: Store
) -> None:
    """One file holds the whole consultation, and imports as the same one."""
    (tmp_path / "ong.png").write_bytes(drawn())
    partner = (
        "partners: [{role: founder, name: Une ONG, link: https://ong.example/, logo: ong.png}]"
    )
    done = shell.run("consultation", "import", written(tmp_path, "sante", partner))
    assert done.returncode == 0, done.stderr
    exported = shell.run("consultation", "export", "sante").stdout
    again = files.parse(exported.encode(), "out")
    found = store.consultations.by_slug("sante")
    assert again.consultation == replace(found, id="")
    assert again.pictures == store.consultations.logos(found) != {}
    assert files.dump(again) == exported


@pytest.mark.parametrize("name", ["missing.png", "../ong.png", "/etc/passwd", ".."])
def test_a_logo_is_read_from_beside_the_file_only(
    shell: Shell, tmp_path: Path, store: Store, name: str
) -> None:
    (tmp_path.parent / "ong.png").write_bytes(drawn())
    partner = f"partners: [{{role: founder, name: Une ONG, logo: {name}}}]"
    done = shell.run("consultation", "import", written(tmp_path, "sante", partner))
    assert (done.returncode, "partners[1].logo" in done.stderr) == (1, True)
    assert store.consultations.all() == ()


def test_a_media_title_features_one_consultation_at_a_time(
    shell: Shell, tmp_path: Path, store: Store
) -> None:
    """A file cannot push another one aside; staff can, and are told what they did."""
    first = written(tmp_path, "sante", "featured: true", SOURCE)
    second = written(tmp_path, "ecole", "featured: true", SOURCE)
    assert shell.run("consultation", "import", first).returncode == 0
    done = shell.run("consultation", "import", second)
    assert (done.returncode, done.stderr) == (
        1,
        "ecole cannot be featured: rmc features sante.\n",
    )
    third = written(tmp_path, "ecole", SOURCE)
    assert shell.run("consultation", "import", third).returncode == 0
    done = shell.run("consultation", "feature", "ecole")
    assert done.stdout == "sante is no longer featured.\necole is featured.\n"
    assert [c.slug for c in store.consultations.all() if c.featured] == ["ecole"]
    assert shell.run("consultation", "feature", "ecole", "--off").returncode == 0
    assert not any(c.featured for c in store.consultations.all())


def test_an_answer_is_kept_with_its_question(shell: Shell, tmp_path: Path, store: Store) -> None:
    """Line breaks become spaces, French is printed as French, a second answer replaces the first."""
    path = written(tmp_path, "sante", "kind: citizens-question")
    assert shell.run("consultation", "import", path).returncode == 0
    (tmp_path / "reponse.txt").write_text("Oui :\n  nous l'ouvrons.\n", "utf-8")
    said = ("--by", "La ministre", "--on", "2027-04-02", "--text-file", tmp_path / "reponse.txt")
    assert shell.run("consultation", "answer", "sante", "2", *said).returncode == 0
    (kept,) = store.consultations.by_slug("sante").answers
    assert kept == Answer(2, "La ministre", date(2027, 4, 2), "Oui\u202f: nous l’ouvrons.", None)
    linked = (*said, "--link", "https://www.example.fr/reponse")
    assert shell.run("consultation", "answer", "sante", "2", *linked).returncode == 0
    (kept,) = store.consultations.by_slug("sante").answers
    assert kept.link == "https://www.example.fr/reponse"
    exported = shell.run("consultation", "export", "sante").stdout
    assert files.parse(exported.encode(), "out").consultation.answers == (kept,)
    assert shell.run("consultation", "unanswer", "sante", "2").returncode == 0
    assert store.consultations.by_slug("sante").answers == ()


@pytest.mark.parametrize(
    ("number", "change", "told"),
    [
        ("7", {}, "No proposal 7 in sante."),
        ("2", {"--on": "hier"}, "on must be a day such as 2027-01-31, not “hier”."),
        ("2", {"--link": "http://a.example"}, "link must be an address that begins with https://"),
        ("2", {"--by": "<b>moi</b>"}, "by must be plain text, without HTML."),
    ],
)
def test_an_answer_that_does_not_fit_is_refused(
    shell: Shell, tmp_path: Path, store: Store, number: str, change: dict[str, str], told: str
) -> None:
    path = written(tmp_path, "sante", "kind: citizens-question")
    assert shell.run("consultation", "import", path).returncode == 0
    text = tmp_path / "reponse.txt"
    text.write_text("Oui, nous l’ouvrons.", "utf-8")
    said = {"--by": "La ministre", "--on": "2027-04-02", "--text-file": text, **change}
    given = [word for option in said.items() for word in option]
    done = shell.run("consultation", "answer", "sante", number, *given)
    assert (done.returncode, told in done.stderr) == (1, True), done.stderr
    assert store.consultations.by_slug("sante").answers == ()


def test_nobody_answers_where_nobody_is_asked(shell: Shell, tmp_path: Path, store: Store) -> None:
    imported(shell, tmp_path, store)
    (tmp_path / "reponse.txt").write_text("Oui, nous l’ouvrons.", "utf-8")
    said = ("--by", "X", "--on", "2027-04-02", "--text-file", tmp_path / "reponse.txt")
    done = shell.run("consultation", "answer", "sommeil", "1", *said)
    assert (done.returncode, done.stderr) == (1, "sommeil is no citizens-question.\n")


def test_an_export_of_all_takes_along_what_readers_proposed(
    shell: Shell, tmp_path: Path, store: Store
) -> None:
    """With when it came in and why it was refused, and never with who proposed it."""
    found = imported(shell, tmp_path, store)
    for number, text in enumerate(("Il faut qu'on dorme", "Il faut qu’on dorme", "Il faut rêver")):
        store.proposing.propose(found, f"author-{number}", Draft(text, "fr", "Zoé"), number, number)
    store.proposing.refuse(found, [4], RefusalReason.UNCLEAR)
    store.proposing.accept(found, [5])
    assert "qu'on" not in shell.run("consultation", "export", "sommeil").stdout
    text = shell.run("consultation", "export", "--all", "sommeil").stdout
    assert "author-" not in text
    path = tmp_path / "copie.yaml"
    path.write_text(text.replace("slug: sommeil", "slug: copie"), "utf-8")
    done = shell.run("consultation", "import", path)
    assert done.returncode == 0, done.stderr
    copy = store.consultations.by_slug("copie")
    assert store.consultations.submitted(copy) == store.consultations.submitted(found) != ()
    assert store.consultations.proposals(copy) == store.consultations.proposals(found)
    again = shell.run("consultation", "export", "--all", "copie").stdout
    assert again == path.read_text("utf-8")
    late = store.proposing.propose(copy, "author", Draft("Il faut chanter", "fr"), 1, 1)
    assert late.proposal.id == 6, "no number is given twice"
    assert len(store.proposing.waiting(copy)) == 2


def test_a_clone_is_a_rehearsal_with_empty_boxes_and_a_key_of_its_own(
    shell: Shell, tmp_path: Path, store: Store
) -> None:
    (tmp_path / "ong.png").write_bytes(drawn())
    partner = "partners: [{role: founder, name: Une ONG, logo: ong.png}]"
    path = written(tmp_path, "sante", partner, "proposing: true")
    assert shell.run("consultation", "import", path).returncode == 0
    found = store.consultations.by_slug("sante")
    store.ballots.cast(found, 0, "a-voter", AGREE)
    times = ("--opens", "2048-01-05 09:00", "--closes", "2048-01-06 18:00")
    done = shell.run("consultation", "clone", "sante", "essai", "--rehearsal", *times)
    said = "essai: a rehearsal of sante, 2048-01-05 09:00 to 2048-01-06 18:00 (Europe/Paris)\n"
    assert (done.returncode, done.stdout, done.stderr) == (0, said, "")
    made = store.consultations.by_slug("essai")
    assert (made.rehearsal, made.question, made.proposing) == (True, found.question, True)
    assert store.consultations.proposals(made) == store.consultations.proposals(found)
    assert store.consultations.logos(made) == store.consultations.logos(found) != {}
    assert store.consultations.voter_key(made) != store.consultations.voter_key(found)
    assert not any(store.recount.run(made).values())
    assert (store.tallies.voters(made), store.tallies.voters(found)) == (0, 1)
    exported = shell.run("consultation", "export", "essai").stdout
    assert files.parse(exported.encode(), "out").consultation == replace(made, id="")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ((), "Missing option '--rehearsal'"),
        (("--rehearsal", "--opens", "2048-01-05 09:00", "--closes", "2048-01-05 09:00"), "close"),
        (("--rehearsal", "--opens", "demain"), "must be a day and a time"),
        (("--rehearsal", "--opens", "2048-03-29 02:30"), "the clocks go forward"),
    ],
)
def test_a_clone_that_cannot_be_is_refused(
    shell: Shell, tmp_path: Path, store: Store, given: tuple[str, ...], told: str
) -> None:
    before = imported(shell, tmp_path, store)
    done = shell.run("consultation", "clone", "sommeil", "essai", *given)
    assert done.returncode != 0
    assert told in done.stderr
    again = shell.run("consultation", "clone", "sommeil", "sommeil", "--rehearsal")
    assert (again.returncode, "There is a consultation" in again.stderr) == (1, True)
    assert store.consultations.all() == (before,)
