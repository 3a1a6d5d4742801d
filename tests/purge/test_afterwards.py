"""What readers, staff and the recount meet once the ballots are no more."""

from collections.abc import Iterator

import pytest

from server.consultations.consultation import DIRECT_SOURCE
from server.consultations.errors import BallotsDestroyed
from server.supervisor.embedded import EmbeddedStore
from server.teller.counting import Counting
from server.web import private_links
from server.web.service import NAME
from server.web.visits import Visit
from tests.purge.conftest import READERS, House, close, inhabited
from tests.web.conftest import API, OWN, Reader, code


@pytest.fixture
def purged(server: EmbeddedStore) -> Iterator[House]:
    """Twelve readers voted, the results were published, and all of it was purged."""
    with inhabited(server) as made:
        Counting(made.store).turn()
        close(made)
        made.store.purge.run(made.consultation, made.over())
        made.app.extensions[NAME].directory._snapshots.clear()
        yield made


@pytest.fixture
def reader(purged: House) -> Reader:
    return Reader(purged.app.test_client())


def test_a_process_sees_it_within_a_second(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The version of the definition goes up as the voter key is destroyed."""
    directory = house.app.extensions[NAME].directory
    before = directory.find(house.consultation.slug)
    assert before.voter_key
    house.store.purge.run(house.consultation, house.over())
    monkeypatch.setattr("server.web.directory.time.monotonic", lambda: before.seen + 1.1)
    assert directory.find(house.consultation.slug).voter_key is None


def test_a_private_link_to_a_decision_leads_nowhere(house: House) -> None:
    directory, client = house.app.extensions[NAME].directory, house.app.test_client()
    snapshot = directory.find(house.consultation.slug)
    read = house.app.extensions[NAME].credentials.read(house.credentials[0])
    visit = Visit(snapshot, read, DIRECT_SOURCE)
    (first, *_) = house.store.proposing.of(snapshot.consultation, visit.author)
    link = f"/c/{house.consultation.slug}/mine/{private_links.token(visit, first.proposal.id)}"
    assert client.get(link).status_code == 200
    house.store.purge.run(house.consultation, house.over())
    directory.forget()
    assert client.get(link).status_code == 404


def test_the_frame_and_the_results_are_as_before(purged: House) -> None:
    client = purged.app.test_client()
    frame = client.get(f"/e/{purged.consultation.slug}?source=rmc")
    assert frame.status_code == 200
    assert 'data-notice="closed"' in frame.get_data(as_text=True)
    results = client.get(f"{API}/results").get_json()["proposals"]
    assert [p["total"] for p in results][:3] == [READERS] * 3


def test_a_reader_who_voted_is_a_stranger(purged: House, reader: Reader) -> None:
    known = {"Authorization": f"Bearer {purged.credentials[0]}"}
    deck = reader.client.get(f"{API}/deck?source=rmc", headers=known)
    assert deck.status_code == 200
    assert "progress" not in deck.get_json()
    results = reader.client.get(f"{API}/results?source=rmc", headers=known)
    assert len(results.get_json()["proposals"]) == 25  # one of them by a reader


def test_a_late_vote_is_refused_as_after_any_close(purged: House, reader: Reader) -> None:
    for deed in (reader.cast, reader.withdraw):
        answer = deed(1, credential=purged.credentials[0])
        assert code(answer) == (409, "consultation-closed")


def test_a_vote_with_ones_own_ticket_finds_nobody_to_be(server: EmbeddedStore) -> None:
    with inhabited(server) as house:
        reader, credential = Reader(house.app.test_client()), house.credentials[0]
        ticket = reader.ticket()["ticket"]
        mine = reader.cast(9, ticket=ticket, credential=credential).get_json()["deck"]["ticket"]
        close(house)
        house.store.purge.run(house.consultation, house.over())
        house.app.extensions[NAME].directory._snapshots.clear()
        late = reader.cast(10, ticket=mine, credential=credential)
        assert code(late) == (410, "ballots-destroyed")


def test_there_is_nothing_left_to_forget(purged: House, reader: Reader) -> None:
    asked = {"credential": purged.credentials[0], "source": "rmc"}
    answer = reader.client.delete(f"{API}/me", json=asked, headers=OWN)
    assert code(answer) == (410, "ballots-destroyed")


@pytest.mark.parametrize("way", ["cookie", "form"])
def test_without_script_the_reader_sees_that_it_is_closed(
    purged: House, reader: Reader, way: str
) -> None:
    slug, credential = purged.consultation.slug, purged.credentials[0]
    if way == "cookie":
        reader.client.set_cookie("__Host-isoloir-rmc-bfm", credential, secure=True)
        page = reader.client.get(f"/e/{slug}/next?source=rmc&after=1", base_url="https://localhost")
    else:
        form = {"source": "rmc", "credential": credential}
        page = reader.client.post(f"/e/{slug}/next", data=form, headers=OWN)
    assert page.status_code == 200
    assert 'data-notice="closed"' in page.get_data(as_text=True)


def test_a_recount_says_that_there_is_nothing_to_count(purged: House) -> None:
    """And not that every tally differs."""
    with pytest.raises(BallotsDestroyed, match="were destroyed on 2"):
        purged.store.recount.compare(purged.consultation)


def test_a_reader_who_asks_for_the_record_is_told_that_it_is_gone(
    purged: House, reader: Reader
) -> None:
    known = {"Authorization": f"Bearer {purged.credentials[0]}"}
    assert code(reader.client.get(f"{API}/me", headers=known)) == (410, "ballots-destroyed")
    assert code(reader.client.get(f"{API}/me")) == (410, "ballots-destroyed")
