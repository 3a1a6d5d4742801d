"""Live results in the console: all of it for the team, their own sources for editors."""

import re

import pytest

from server.consultations.ballots import Ballot, Trust, Vote
from server.consultations.consultation import Consultation
from server.staff.roles import Role
from server.store.ballots import Wish
from server.store.store import Store
from server.teller.figures import Bookkeeping
from tests.staff.conftest import Colleague, Team, text
from tests.store.casting import BFM, LES_ECHOS, RMC, cast, publish

PAGE = "/staff/consultations/reinventer-le-travail/results"


@pytest.fixture
def voted(store: Store, opened: Consultation) -> Consultation:
    """31 readers of RMC agree with the first, 12 of BFM do not, nor do two of Les Echos."""
    for n in range(45):
        source = RMC if n < 31 else BFM if n < 43 else LES_ECHOS
        vote = Vote.AGREE if n < 31 else Vote.DISAGREE
        cast(store, opened, f"voter{n}", 1, vote, source, opened.box_of(n))
    for trust, number in ((Trust.TRUSTED, 7), (Trust.UNVERIFIED, 5)):
        for n in range(number):
            wish = Wish(1, Ballot(Vote.AGREE), trust, RMC, braked=False)
            store.ballots.cast(opened, opened.box_of(n), f"{trust}{n}", wish)
    publish(store, opened)
    Bookkeeping(store).turn()
    return opened


def cells(colleague: Colleague, source: str) -> list[str]:
    """Return what the first proposal's table says of a source."""
    page = colleague.get(f"{PAGE}?list=all").get_data(as_text=True)
    row = re.search(rf'<th role="rowheader" scope="row">{source}</th>(.*?)</tr>', page, re.DOTALL)
    assert row, f"nothing of {source}"
    return [
        re.sub(r"<small.*?</small>|<[^>]+>", "", one).strip() for one in row[1].split("</td>")[:-1]
    ]


@pytest.mark.parametrize("role", [Role.ADMIN, Role.MODERATOR, Role.ANALYST])
def test_the_team_sees_every_source_and_every_ballot_before_readers_do(
    team: Team, voted: Consultation, role: Role
) -> None:
    """All, verified, asked, by a link; then agree, neutral, disagree."""
    colleague = team.join(role)
    assert cells(colleague, "RMC") == ["43", "38", "31", "7", "38", "0", "0"]
    assert cells(colleague, "Les Echos") == ["2", "2", "2", "0", "0", "0", "2"]
    page = text(colleague.get(PAGE))
    assert "73 % D’accord" in page
    assert "Les lecteurs qui votent ne forment pas un échantillon du pays" in page


def test_an_editor_sees_their_own_readers_alone(team: Team, voted: Consultation) -> None:
    editor = team.join(Role.EDITOR, sources=("rmc",))
    assert cells(editor, "RMC") == ["38", "31", "7", "38", "0", "0"]
    page = editor.get(f"{PAGE}?list=top").get_data(as_text=True)
    assert "100\u202f%</b> D’accord" in page, "of RMC, where all agree"
    assert "BFM" not in page
    assert "?list=top" not in page, "the order of that list tells of all sources"
    assert page.index("mesure numéro 1<") < page.index("mesure numéro 2<")


@pytest.mark.parametrize("source", ["les-echos", "bfm"])
def test_of_a_source_that_is_folded_its_editor_sees_nothing(
    team: Team, voted: Consultation, source: str
) -> None:
    """Les Echos has two voters. The public others, less those of BFM, would be these two."""
    page = text(team.join(Role.EDITOR, sources=(source,)).get(PAGE))
    assert "Rien à montrer" in page
    assert "mesure numéro" not in page
