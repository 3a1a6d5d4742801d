"""Staff read what would be published, and publish it for good."""

from dataclasses import replace

import pytest

from server.consultations.consultation import Consultation
from server.settings import Settings
from server.store.store import Store
from tests.conftest import consultation, proposals
from tests.minutes.conftest import KEY
from tests.staff.conftest import Colleague, text
from tests.store.casting import cast
from tests.web.conftest import code
from tests.web.test_dossiers import close

AT = "/staff/consultations/reinventer-le-travail/dossier"
PUBLIC = "/c/reinventer-le-travail/dossier"
pytestmark = pytest.mark.one_server  # how it is kept is tested on a cluster too


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, signing_key=KEY)


@pytest.fixture
def over(store: Store, opened: Consultation, settings: Settings) -> Consultation:
    for number in range(25):
        cast(store, opened, f"v{number}", 5)
    return close(store, opened, settings)


def test_what_is_previewed_is_published_as_it_is_and_for_good(
    admin: Colleague, store: Store, over: Consultation
) -> None:
    preview = admin.get(f"{AT}/preview")
    assert preview.status_code == 200
    assert "no-store" in preview.headers["Cache-Control"]
    assert "style-src 'sha256-" in preview.headers["Content-Security-Policy"]
    assert store.dossiers.versions(over.id) == 0
    assert admin.post(AT, sure="1", version="1").status_code == 303
    assert admin.get(f"{PUBLIC}/1").data == preview.data
    kept = store.dossiers.read(over.id, 1)
    assert kept is not None
    assert kept.digest in text(admin.get(AT))
    act = store.acts.latest()[0].act
    assert (act.what, act.on) == ("dossier-published", over.slug)
    assert act.detail == f"1 {kept.digest[:16]}"


def test_pressed_twice_it_is_published_once(
    admin: Colleague, store: Store, over: Consultation
) -> None:
    """The form is about one version; whoever sends it again did not mean the next one."""
    assert admin.post(AT, sure="1", version="1").status_code == 303
    again = admin.post(AT, sure="1", version="1")
    assert again.status_code == 409
    assert "vient de publier" in text(again)
    assert store.dossiers.versions(over.id) == 1


def test_a_version_that_was_taken_back_says_why(
    admin: Colleague, store: Store, over: Consultation
) -> None:
    admin.post(AT, sure="1", version="1")
    assert admin.post(f"{AT}/1/withdraw", why=" ").status_code == 422
    assert admin.post(f"{AT}/1/withdraw", why="Par décision de justice").status_code == 303
    gone = admin.get(f"{PUBLIC}/1")
    assert code(gone) == (410, "dossier-withdrawn")
    assert "Par décision de justice" in gone.get_data(as_text=True)
    assert code(admin.get(f"{PUBLIC}/1/map.svg")) == (410, "dossier-withdrawn")
    assert "Par décision de justice" in text(admin.get(AT))
    admin.post(AT, sure="1", version="2")
    assert admin.get(PUBLIC).headers["Location"] == f"{PUBLIC}/2"


def test_a_rehearsal_has_none(admin: Colleague, store: Store, settings: Settings) -> None:
    made = consultation("essai", rehearsal=True)
    close(store, store.consultations.create(made, proposals()), settings)
    at = "/staff/consultations/essai/dossier"
    assert admin.post(at, sure="1", version="1").status_code == 409


def test_nothing_is_published_without_the_box(
    admin: Colleague, store: Store, over: Consultation
) -> None:
    refused = admin.post(AT)
    assert refused.status_code == 422
    assert "Cochez la case" in text(refused)
    assert store.dossiers.versions(over.id) == 0


def test_before_the_close_it_says_what_to_wait_for(
    admin: Colleague, store: Store, opened: Consultation
) -> None:
    refused = admin.post(AT, sure="1", version="1")
    assert refused.status_code == 409
    assert "procès-verbal" in text(refused)
    told = admin.get(f"{AT}/preview")
    assert told.status_code == 303
    assert "procès-verbal" in text(admin.get(told.headers["Location"]))
    assert store.dossiers.versions(opened.id) == 0


def test_an_operation_has_a_dossier_of_all_its_consultations(
    admin: Colleague, store: Store, over: Consultation, settings: Settings
) -> None:
    made = consultation("sommeil", operation="radio", cause="Bien vivre")
    other = store.consultations.create(made, proposals())
    close(store, other, settings)
    at = "/staff/operations/radio/dossier"
    assert "Dossier de l’opération radio" in text(admin.get(at))
    assert admin.get(f"{at}/preview").status_code == 200
    assert admin.post(at, sure="1", version="1").status_code == 303
    public = admin.get("/operations/radio/dossier/1")
    assert "Bien vivre" in text(public)
    assert "/staff/operations/radio/dossier" in admin.get("/staff?operation=radio").get_data(True)
    assert admin.get("/staff/operations/jamais-vu/dossier").status_code == 404
