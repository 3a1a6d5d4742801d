"""A partner drafts news by a link that can only draft; staff publish."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.consultations.actions import Action, Target
from server.consultations.consultation import Consultation
from server.consultations.errors import ChangedMeanwhile, Refusal, StoreUnavailable
from server.consultations.reporting import MOST_DRAFTS, REFUSED_FOR, Reporting
from server.staff.acts import by_operator
from server.store import keys
from server.store.reports import Reports
from server.store.store import Store
from server.web import report_links
from tests.conftest import ORIGIN, SECRET, consultation, proposals
from tests.web.conftest import OWN

DAY = date(2026, 1, 15)
TARGET = Target(Decimal(1000), "jeunes <b>", date(2027, 5, 1))
ACTION = Action(0, "Parrainer", "Réseau Mentor", "Mille jeunes en un an.", DAY, TARGET)
DRAFT = {"text": "Cent jeunes.", "on": "2026-03-01", "amount": "1 00,5", "source": ""}
GOOD = {**DRAFT, "amount": "100,5"}


@pytest.fixture
def closed(store: Store, app: Flask) -> Consultation:
    now = datetime.now(UTC)
    asked = consultation(opens=now - timedelta(days=9), closes=now - timedelta(days=1))
    made = store.consultations.create(asked, proposals())
    store.committing.add(made.slug, ACTION, now, by_operator)
    return made


@pytest.fixture
def link(store: Store, closed: Consultation) -> str:
    return path(store.reports.link(closed.slug, 1, by_operator))


@pytest.fixture
def partner(app: Flask) -> FlaskClient:
    """A browser that keeps no cookies, as any that has the link."""
    return app.test_client(use_cookies=False)


def path(made: Reporting, key: str = SECRET, action: int = 1) -> str:
    address = report_links.address(ORIGIN, (key,), "reinventer-le-travail", action, made.link or "")
    return urlsplit(address).path


def test_a_draft_waits_is_mended_withdrawn_and_seen_by_nobody_else(
    partner: FlaskClient, store: Store, closed: Consultation, link: str
) -> None:
    page = partner.get(link)
    assert "Mille jeunes en un an." in page.text
    assert "jeunes &lt;b&gt;" in page.text
    wrong = partner.post(link, data=DRAFT, headers=OWN)
    assert (wrong.status_code, "Un nombre, par exemple" in wrong.text) == (422, True)
    assert "Cent jeunes." in wrong.text
    sent = partner.post(f"{link}?lang=en", data=GOOD, headers=OWN)
    assert (sent.status_code, sent.location) == (303, f"{link}?done=sent&lang=en")
    assert "your draft is sent" in partner.get(sent.location).text
    partner.post(link, data=GOOD, headers=OWN)  # sent twice
    (draft,) = store.reports.of(closed, 1).waiting
    assert (draft.news.text, draft.news.amount) == ("Cent jeunes.", Decimal("100.5"))
    mended = {**GOOD, "text": "Cent vingt < mille !", "draft": "1"}
    assert partner.post(link, data=mended, headers=OWN).status_code == 303
    assert "Cent vingt &lt; mille" in partner.get(link).text
    assert store.consultations.by_slug(closed.slug).actions[0].news == ()
    assert "Cent vingt" not in partner.get(f"/c/{closed.slug}").text
    partner.post(link, data={"draft": "1", "withdraw": "1"}, headers=OWN)
    assert store.reports.of(closed, 1).drafts == ()
    gone = partner.post(link, data=mended, headers=OWN)
    assert (gone.status_code, "attend plus" in gone.text) == (404, True)
    assert re.search(r'id="text-0"[^>]*>\s*Cent vingt &lt; mille', gone.text)  # to be sent anew


@pytest.mark.parametrize(
    ("refusal", "status"), [(ChangedMeanwhile("Lost."), 409), (StoreUnavailable("Away."), 503)]
)
def test_what_could_not_be_kept_is_still_in_the_form(
    partner: FlaskClient,
    store: Store,
    link: str,
    monkeypatch: pytest.MonkeyPatch,
    refusal: Refusal,
    status: int,
) -> None:
    def fail(*_: object) -> None:
        raise refusal

    monkeypatch.setattr(Reports, "draft", fail)
    answer = partner.post(link, data=GOOD, headers=OWN)
    assert (answer.status_code, "n’a pas pu être gardé" in answer.text) == (status, True)
    assert re.search(r'id="text-0"[^>]*>\s*Cent jeunes\.', answer.text)
    monkeypatch.setattr(Reports, "of", fail)
    trouble = partner.post(link, data=GOOD, headers=OWN)
    assert "Cent jeunes." in trouble.text


def test_a_browser_that_tells_no_origin_is_known_by_the_field_of_the_page(
    partner: FlaskClient, store: Store, closed: Consultation, link: str
) -> None:
    (field,) = set(re.findall(r'name="own" value="(\w+)"', partner.get(link).text))
    old = {"Origin": "null"}
    sent = {**GOOD, "own": field}
    assert partner.post(link, data=sent, headers=old).status_code == 303
    for wrong, headers in (
        ({**sent, "own": field[:-1]}, old),
        (GOOD, old),
        (sent, {"Origin": "null", "Sec-Fetch-Site": "cross-site"}),
        (sent, {"Origin": "https://evil.example"}),
    ):
        assert partner.post(link, data=wrong, headers=headers).status_code == 403, headers
    store.reports.link(closed.slug, 1, by_operator)
    assert partner.post(link, data=sent, headers=old).status_code == 404  # ended


def test_the_word_of_staff_and_what_they_published_are_read_at_the_link(
    partner: FlaskClient, store: Store, closed: Consultation, link: str
) -> None:
    for text in ("Cent.", "Deux cents."):
        partner.post(link, data={**GOOD, "text": text}, headers=OWN)
    first, second = store.reports.of(closed, 1).waiting
    store.reports.refuse(closed.slug, 1, first.number, None, "Depuis <quand> ?", by_operator)
    store.reports.publish(closed.slug, 1, second.number, None, second.news, by_operator)
    page = partner.get(link).text
    assert "Depuis &lt;quand&gt; ?" in page
    key, kept = keys.reports(closed.id), store.redis.hget(keys.reports(closed.id), "1") or ""
    old = re.sub(r'"at": [0-9]+', f'"at": {store.clock.now() - REFUSED_FOR - 1}', kept)
    store.redis.hset(key, "1", old)
    assert "Depuis &lt;quand&gt; ?" not in partner.get(link).text
    store.reports.link(closed.slug, 1, by_operator)
    assert "quand" not in (store.redis.hget(key, "1") or "")
    assert page.index("Nouvelles publiées") < page.index("Deux cents.")
    assert "qui attendent" not in page


def test_a_link_ends_with_the_next_one_and_no_other_is_guessed(
    partner: FlaskClient, store: Store, closed: Consultation, link: str
) -> None:
    made = store.reports.of(closed, 1)
    forged = path(made, key="another key of thirty-two characters or more")
    other = path(made, action=2)
    for bad in (forged, other, "/report/x", f"{link}a", "/report/" + "a" * 2000, "/report/é"):
        assert partner.get(bad).status_code == 404, bad
        assert partner.post(bad, data=GOOD, headers=OWN).status_code == 404, bad
    store.reports.link(closed.slug, 1, by_operator)
    ended = partner.get(link)
    assert (ended.status_code, "Ce lien est terminé" in ended.text) == (404, True)
    assert "Mille jeunes" not in ended.text
    assert partner.post(link, data=GOOD, headers=OWN).status_code == 404
    assert store.reports.of(closed, 1).drafts == ()


def test_the_page_is_told_to_nobody_and_takes_its_own_form_alone(
    partner: FlaskClient, store: Store, closed: Consultation, link: str
) -> None:
    for answer in (partner.get(link), partner.post(link, data=GOOD, headers=OWN)):
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert "Set-Cookie" not in answer.headers
    # A page that sends no referrer has no origin either; where it stands, the browser says.
    own = {"Origin": "null", "Sec-Fetch-Site": "same-origin"}
    assert partner.post(link, data={**GOOD, "text": "Deux."}, headers=own).status_code == 303
    for headers in (
        {}, {"Origin": "null"}, {"Origin": "https://evil.example"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {**OWN, "Sec-Fetch-Site": "cross-site"},
    ):  # fmt: skip
        answer = partner.post(link, data={**GOOD, "text": "Trois."}, headers=headers)
        assert answer.status_code == 403, headers
    assert len(store.reports.of(closed, 1).waiting) == 2


def test_what_is_drafted_is_bounded(
    partner: FlaskClient, store: Store, closed: Consultation, link: str
) -> None:
    now = store.clock.now()
    assert partner.post(link, data={**GOOD, "text": "x" * 20_000}, headers=OWN).status_code == 413
    odd = {
        "text": "http://a.fr",
        "on": "2999-01-01",
        "amount": "NaN",
        "source": "javascript:alert(1)",
    }
    refused = partner.post(link, data=odd, headers=OWN)
    assert (refused.status_code, len(re.findall('class="wrong" id=', refused.text))) == (422, 4)
    for number in range(MOST_DRAFTS):
        partner.post(link, data={**GOOD, "text": f"n{number}"}, headers=OWN)
    full = partner.post(link, data=GOOD, headers=OWN)
    assert (full.status_code, "Dix brouillons" in full.text) == (409, True)
    assert "Cent jeunes." in full.text
    for turn in range(MOST_DRAFTS):
        mended = {**GOOD, "text": f"better {turn}", "draft": "1"}
        assert partner.post(link, data=mended, headers=OWN).status_code == 303
    braked = partner.post(link, data={**GOOD, "draft": "1"}, headers=OWN)
    assert (braked.status_code, int(braked.headers["Retry-After"]) > 100) == (429, True)
    assert store.reports.of(closed, 1).crowded_until > now


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_word_of_the_page_is_in_the_language_asked_for(
    partner: FlaskClient, link: str, lang: str
) -> None:
    page = partner.get(f"{link}?lang={lang}").text
    assert f'<html lang="{lang}"' in page
    assert ("Send the draft" in page) == (lang == "en")


@pytest.mark.one_server
def test_a_link_holds_through_a_rotation_of_keys_until_the_old_one_is_gone() -> None:
    old, new = "an old key of thirty-two characters..", "a new key of thirty-two characters.."
    made = report_links.token((old,), "sommeil", 3, "secret")
    assert report_links.read((old, new), made) == ("sommeil", 3, "secret")
    assert report_links.read((new,), made) is None
    assert report_links.read((old,), report_links.token((old, new), "sommeil", 3, "x")) is None
