"""The votes of a consultation, downloaded in the console: by admins, every time in the trail."""

import csv
import io
import zipfile
from datetime import UTC, datetime, timedelta

import pytest

from server.consultations.consultation import Consultation
from server.staff import votes_files
from server.staff.roles import Role
from server.store.store import Store
from tests.conftest import consultation, proposals
from tests.staff.conftest import Colleague, Team, text
from tests.staff.test_consultation_pages import AT, SLUG
from tests.store.casting import cast_by_many


def test_an_admin_downloads_one_row_for_each_voter(
    admin: Colleague, store: Store, opened: Consultation
) -> None:
    cast_by_many(store, opened)
    assert "Télécharger les votes" in text(admin.get(AT))
    answer = admin.post(f"{AT}/votes")
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{SLUG}-votes.zip"'
    assert "no-store" in answer.headers["Cache-Control"]
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        found = {name: archive.read(name).decode() for name in archive.namelist()}
    assert sorted(found) == [
        f"{SLUG}/{name}.csv" for name in ("comments", "participants-votes", "summary", "votes")
    ]
    rows = [*csv.DictReader(io.StringIO(found[f"{SLUG}/participants-votes.csv"]))]
    assert [row["participant"] for row in rows] == [str(n) for n in range(30)]
    named = "".join(found.values()).replace("voter-id", "").replace("voters", "")
    assert not any(word in named for word in ("voter", "rmc", "bfm")), "no pseudonym, no source"
    (act,) = store.acts.latest(most=1)
    assert (act.act.who, act.act.what, act.act.on) == ("The admin", "votes-exported", SLUG)


def test_nobody_else_may(team: Team, store: Store) -> None:
    for role in (Role.MODERATOR, Role.ANALYST, Role.EDITOR):
        other = team.join(role)
        assert "Télécharger les votes" not in text(other.get(AT))
        assert other.post(f"{AT}/votes").status_code == 403
    assert "votes-exported" not in {one.act.what for one in store.acts.latest()}


def test_many_votes_are_for_the_command(
    admin: Colleague, store: Store, opened: Consultation, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast_by_many(store, opened)
    admin.get(AT)
    for limit, most in (("FEW_CELLS", 30 * 24 - 1), ("FEW_VOTES", 80)):
        with monkeypatch.context() as less:
            less.setattr(votes_files, limit, most)
            answer = admin.post(f"{AT}/votes")
        assert answer.status_code == 409
        assert "isoloir consultation votes" in text(answer)
        assert "votes-too-many" in text(answer)
    assert "votes-exported" not in {one.act.what for one in store.acts.latest()}


def test_destroyed_ballots_are_offered_no_more(admin: Colleague, store: Store) -> None:
    past = datetime.now(UTC) - timedelta(days=200)
    made = store.consultations.create(
        consultation("finie", opens=past - timedelta(days=9), closes=past), proposals(3)
    )
    store.ballots.seal(made)
    store.minutes.append(made, 1, b"{}")
    assert "Télécharger les votes" in text(admin.get("/staff/consultations/finie"))
    store.purge.run(made, datetime.now(UTC), early=True)
    assert "Télécharger les votes" not in text(admin.get("/staff/consultations/finie"))
    answer = admin.post("/staff/consultations/finie/votes")
    assert answer.status_code == 410
    assert "ballots-destroyed" in text(answer)
