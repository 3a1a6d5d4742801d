"""A member of staff in front of the console, as far as HTTP goes."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server.consultations.consultation import Consultation
from server.staff.acts import OPERATOR, Act, Way
from server.staff.members import Member, member
from server.staff.roles import Role
from server.store.store import Store
from tests.conftest import ORIGIN

OWN = {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"}
ACT = Act(OPERATOR, Way.COMMAND, "test")
NOW = datetime.now(UTC).replace(microsecond=0)


@dataclass
class Colleague:
    """Somebody at the console. Sends what a form of the page they last saw would send."""

    client: FlaskClient
    member: Member | None = None
    form: str = ""

    def get(self, path: str, **headers: str) -> TestResponse:
        answer = self.client.get(path, headers=headers)
        found = re.search(r'data-form="([0-9a-f]+)"', answer.get_data(as_text=True))
        if found:
            self.form = found[1]
        return answer

    def post(self, path: str, headers: dict[str, str] | None = None, **fields: Any) -> TestResponse:
        data = {"form": self.form, **fields}
        return self.client.post(path, data=data, headers=OWN if headers is None else headers)

    def sign_in(self, link: str) -> TestResponse:
        answer = self.post("/staff/sign-in", link=link)
        self.get("/staff")
        return answer


def text(answer: TestResponse) -> str:
    """Return what a page says, without its markup."""
    bare = re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))
    return " ".join(unescape(bare).split())


@dataclass
class Team:
    """Signs people in at one service."""

    app: Flask
    store: Store

    def somebody(self) -> Colleague:
        """Return a browser in which nobody is signed in."""
        return Colleague(self.app.test_client())

    def join(self, role: Role, name: str = "", slugs: Any = (), sources: Any = ()) -> Colleague:
        """Return a browser in which a new member is signed in."""
        if role is Role.EDITOR and not sources:
            sources = ("rmc",)
        who = member(name or f"The {role}", role, NOW, slugs, sources)
        colleague = Colleague(self.app.test_client(), who)
        answer = colleague.sign_in(self.store.staff.invite(who, ACT).secret)
        assert answer.status_code == 303
        return colleague


@pytest.fixture
def team(app: Flask, store: Store, opened: Consultation) -> Team:
    """The console of a service with one open consultation."""
    return Team(app, store)


@pytest.fixture
def admin(team: Team) -> Colleague:
    return team.join(Role.ADMIN)


@pytest.fixture
def nora(team: Team) -> Colleague:
    return team.join(Role.MODERATOR, "Nora")


@pytest.fixture
def paul(team: Team) -> Colleague:
    return team.join(Role.MODERATOR, "Paul")
