"""A dossier: frozen when it is published, complete, and the same for ever."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from server.consultations.actions import Action
from server.consultations.ballots import Vote
from server.consultations.consultation import Consultation
from server.consultations.selection import Selected
from server.settings import Settings
from server.staff.acts import by_operator
from server.store.dossiers import Dossier
from server.store.store import Store
from server.teller.figures import Bookkeeping
from server.web.dossiers import compose
from server.web.service import NAME
from tests.minutes.conftest import KEY, closing
from tests.store.casting import BFM, RMC, cast

AT = "/c/reinventer-le-travail/dossier"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, signing_key=KEY)


@pytest.fixture
def over(store: Store, opened: Consultation, settings: Settings) -> Consultation:
    """Closed, counted, with minutes: 40 voters agree with proposal 5, half of them by BFM."""
    for number in range(40):
        source = RMC if number % 2 else BFM
        cast(store, opened, f"v{number}", 5, source=source)
        cast(store, opened, f"v{number}", 7, [Vote.AGREE, Vote.DISAGREE][number % 2], source)
        cast(store, opened, f"v{number}", 9, Vote.DISAGREE, source)
    now = datetime.now(UTC)
    closed = opened.closed(now - timedelta(seconds=1))
    today = now.date()
    promise = Action(1, "Des horaires choisis", "Une ONG", "Mille personnes", today)
    store.consultations.replace(
        replace(closed, selected=(Selected(5, today, "La plus soutenue"),), actions=(promise,))
    )
    closing(store, settings, lambda: datetime.now(UTC)).turn()
    Bookkeeping(store).turn()
    return store.consultations.by_slug(opened.slug)


def made(app: Flask, store: Store, over: Consultation, version: int = 1) -> Dossier:
    with app.test_request_context():
        app.extensions[NAME].directory.forget()
        address = f"https://vote.example{AT}"
        return compose([over], over.question, address, version, datetime.now(UTC))


def published(app: Flask, store: Store, over: Consultation, version: int = 1) -> Dossier:
    found = made(app, store, over, version)
    assert store.dossiers.append(over.id, found, by_operator("dossier-published", over.slug))
    return found


def test_it_says_what_came_of_the_votes(app: Flask, store: Store, over: Consultation) -> None:
    html = made(app, store, over).html
    Path("/tmp/lead/dossier.html").write_text(html)
    for said in (
        over.question,
        "La plus soutenue",
        "Des horaires choisis",
        "Aucun vote n’a été mis à part.",
        "ne forment pas un échantillon",
    ):
        assert said in html, said
