"""Minutes are drawn up once, after the last vote, and say what the ballots say."""

import logging
import threading
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from server import keyring
from server.consultations.ballots import Ballot, Trust, Vote, encode
from server.consultations.consultation import Consultation
from server.consultations.errors import Closed
from server.consultations.folding import FEWEST, OTHERS
from server.consultations.minutes_files import faults, parse, signed_by
from server.consultations.rows import checksum, rows
from server.keyring import KeyUnfit
from server.settings import Settings
from server.store.ballots import Wish
from server.store.keys import Box
from server.store.minutes import Claim
from server.store.store import Store
from server.teller.closing import PAUSE
from server.teller.stopping import Stopping
from tests.conftest import consultation, proposals
from tests.minutes.conftest import (
    BFM,
    RMC,
    after_the_close,
    cast,
    closing,
    content,
    drawn_up,
    public,
)
from tests.run.machine import until
from tests.store.test_data_model import ROWS, shape


def test_minutes_say_everything_about_the_end(
    store: Store, voted: Consultation, settings: Settings
) -> None:
    closing(store, settings).turn()
    found = drawn_up(store, voted)
    assert (found["version"], found["earlier"], found["reason"]) == (1, [], None)
    assert (found["deployment"], found["service"]) == ("local", settings.public_url)
    assert found["consultation"]["question"] == "Comment réinventer le travail ?"
    assert found["consultation"]["languages"] == ["fr"]
    assert found["window"]["closes"] == voted.closes.isoformat()
    assert sum(found["revisions"]) == 3
    assert found["voters"] == {"total": 2, "sources": {OTHERS.name: 2}}, "too few to tell apart"
    assert [(r["proposal"], r["source"]) for r in found["rows"]] == [
        ("local:5", OTHERS.name),
        ("local:7", OTHERS.name),
    ]
    assert found["totals"]["agree"]["count"] == 2
    assert found["totals"]["agree"]["qualifications"]["doable"]["countSequence"] == 1
    assert found["totals"]["disagree"]["qualifications"]["impossible"]["countVerified"] == 1
    assert found["recount"] == {"differences": 0, "listed": []}
    assert found["proposals"][0] == {
        "proposal": "local:1",
        "state": "accepted",
        "text": "Il faut essayer la mesure numéro 1",
    }
    document = parse(content(store, voted))
    assert signed_by(document, public())
    assert list(faults(document)) == []


def test_nothing_is_drawn_up_before_the_close(
    store: Store, voted: Consultation, settings: Settings
) -> None:
    closing(store, settings, lambda: datetime.now(UTC)).turn()
    assert store.minutes.versions(voted) == 0
    cast(store, voted, "lea", 5)


def test_a_clock_that_is_right_closes_for_good(
    store: Store, voted: Consultation, settings: Settings
) -> None:
    closing(store, settings).turn()
    with pytest.raises(Closed):
        cast(store, voted, "lea", 5)


def test_the_final_results_are_published_with_the_minutes(
    store: Store, voted: Consultation, settings: Settings
) -> None:
    closing(store, settings).turn()
    published = store.published.glance(voted).published
    assert published is not None
    assert (published.voters, published.of(5).total) == (2, 2)


def vote_until_closed(
    store: Store, asked: Consultation, name: str, counted: Counter[str], started: threading.Barrier
) -> None:
    """Vote and change again and again; `counted` ends as what was acknowledged."""
    held: dict[int, str] = {}
    box = int(name[1]) % asked.boxes
    started.wait()
    try:
        for turn in range(1_000_000):
            proposal, vote = turn % 24 + 1, list(Vote)[turn % 5 % 3]
            wish = Wish(proposal, Ballot(vote), Trust.SEQUENCE, RMC)
            store.ballots.cast(asked, box, f"{name}{turn // 24}", wish)
            held[turn] = vote
    except Closed:
        counted.update(held.values())


def test_votes_in_flight_at_the_close_are_in_the_minutes_or_were_refused(
    store: Store, opened: Consultation, settings: Settings
) -> None:
    """Four voters never stop; what was acknowledged, the ballots and the minutes are the same."""
    counted: list[Counter[str]] = [Counter() for _ in range(4)]
    started = threading.Barrier(5)
    threads = [
        threading.Thread(target=vote_until_closed, args=(store, opened, f"v{i}-", each, started))
        for i, each in enumerate(counted)
    ]
    for thread in threads:
        thread.start()
    started.wait()
    until(lambda: sum(store.tallies.revisions(opened)) > 500, "they vote")
    closing(store, settings).turn()
    for thread in threads:
        thread.join()
    found = drawn_up(store, opened)
    total = sum(counted, Counter())
    assert {vote: c["count"] for vote, c in found["totals"].items()} == dict(total)
    again = rows(opened, "local", proposals(), store.recount.run(opened), complete=True)
    assert found["checksum"] == checksum(again)
    assert found["recount"]["differences"] == 0


def test_of_many_who_append_a_version_one_succeeds(store: Store, opened: Consultation) -> None:
    started, kept = threading.Barrier(8), []

    def append(content: bytes) -> None:
        started.wait()
        if store.minutes.append(opened, 1, content):
            kept.append(content)

    threads = [threading.Thread(target=append, args=(b"%d" % i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [content(store, opened)] == kept
    assert store.minutes.versions(opened) == 1


def test_a_version_is_never_skipped_or_replaced(store: Store, opened: Consultation) -> None:
    assert not store.minutes.append(opened, 2, b"two")
    assert store.minutes.append(opened, 1, b"one")
    assert not store.minutes.append(opened, 1, b"other")
    assert store.minutes.append(opened, 2, b"two")
    assert [content(store, opened, 1), content(store, opened)] == [b"one", b"two"]


def test_two_tellers_at_once_draw_up_one_version(
    store: Store, voted: Consultation, settings: Settings
) -> None:
    tellers = [closing(store, settings) for _ in range(2)]
    threads = [threading.Thread(target=teller.turn) for teller in tellers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.minutes.versions(voted) == 1
    before = content(store, voted)
    for teller in tellers:
        teller.turn()
    assert (store.minutes.versions(voted), content(store, voted)) == (1, before)


def test_a_teller_that_dies_half_way_is_followed_by_another(
    store: Store, voted: Consultation, settings: Settings
) -> None:
    """It has sealed and claimed, and was recounting; then nothing of it is heard any more."""
    dead = Claim(store.redis, milliseconds=300)
    store.ballots.seal(voted)
    assert dead.hold(voted)
    store.redis.set(Box(voted.id, 0).recount, 1)
    store.redis.set(Box(voted.id, 0).generation, 1)
    heir = closing(store, settings)

    def drawn() -> bool:
        heir.turn()
        return store.minutes.versions(voted) == 1

    assert not drawn(), "the claim has not run out"
    until(drawn, "the heir draws them up")
    assert not store.redis.exists(f"iso:c:{{{voted.id}}}:minutes-claim")


def test_a_teller_asked_to_stop_leaves_the_work_to_the_next(
    store: Store, voted: Consultation, settings: Settings
) -> None:
    stopped, stop = closing(store, settings), threading.Event()
    stopped._stop = stop
    stop.set()
    with pytest.raises(Stopping):
        stopped.turn()
    assert store.minutes.versions(voted) == 0
    closing(store, settings).turn()
    assert store.minutes.versions(voted) == 1


def test_minutes_of_a_wrong_tally_say_what_the_ballots_say_and_that_it_was_wrong(
    store: Store, voted: Consultation, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(FEWEST):
        cast(store, voted, f"rmc-{number}", 11, "neutral", source=RMC)
        cast(store, voted, f"bfm-{number}", 11, "neutral", source=BFM)
    code, box = encode(Ballot(Vote.AGREE), Trust.SEQUENCE), Box(voted.id, 0)
    store.redis.hincrby(box.tally(7), f"{RMC}.{code}", 2)
    store.redis.hincrby(box.tally(9), f"{BFM}.255", 1)  # no ballot has such a code
    store.redis.hset(box.voters, str(BFM), 40)
    with caplog.at_level(logging.WARNING):
        closing(store, settings).turn()
    found = drawn_up(store, voted)
    assert found["totals"]["agree"]["count"] == 2
    assert found["voters"]["sources"]["bfm"] == FEWEST + 1
    assert found["recount"]["differences"] == 3
    assert {
        "proposal": "local:7", "source": "rmc", "code": code, "tallied": 3, "counted": 1,
    } in found["recount"]["listed"]  # fmt: skip
    assert f"isoloir recount --fix {voted.slug}" in caplog.text
    # The tallies are left for people to look at; mended, they are what the minutes say.
    store.recount.fix(voted)
    histograms = store.tallies.histograms(voted, range(1, 25))
    made = rows(voted, "local", proposals(), histograms, complete=True)
    assert found["checksum"] == checksum(made)


def test_a_rehearsal_rehearses_its_minutes_too(store: Store, settings: Settings) -> None:
    asked = store.consultations.create(consultation("essai", rehearsal=True), proposals())
    cast(store, asked, "nora", 1)
    closing(store, settings).turn()
    found = drawn_up(store, asked)
    assert found["rehearsal"] is True
    assert found["rows"][0]["proposal"] == "local~rehearsal:1"


def test_nobody_voted_is_a_result_too(
    store: Store, opened: Consultation, settings: Settings
) -> None:
    closing(store, settings).turn()
    assert drawn_up(store, opened)["rows"] == []
    assert list(faults(parse(content(store, opened)))) == []


def test_one_consultation_that_fails_keeps_up_no_other(
    store: Store, voted: Consultation, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    """What cannot be read is tried again later, not every second."""
    other = store.consultations.create(consultation("autre"), proposals())
    store.redis.hset(Box(voted.id, 0).voters, "rmc", "many")
    clock = [after_the_close()]
    teller = closing(store, settings, lambda: clock[0])
    teller.turn()
    teller.turn()
    assert (store.minutes.versions(other), store.minutes.versions(voted)) == (1, 0)
    assert caplog.text.count(f"The minutes of {voted.slug}") == 1
    store.redis.hdel(Box(voted.id, 0).voters, "rmc")
    clock[0] += PAUSE + timedelta(seconds=1)
    teller.turn()
    assert store.minutes.versions(voted) == 1


def test_several_boxes_are_one_result(store: Store, settings: Settings) -> None:
    asked = store.consultations.create(consultation("boites", boxes=3), proposals())
    for box in range(3):
        wish = Wish(5, Ballot(Vote.NEUTRAL), Trust.TRUSTED, BFM)
        store.ballots.cast(asked, box, "nora", wish)
    closing(store, settings).turn()
    found = drawn_up(store, asked)
    assert found["revisions"] == [1, 1, 1]
    assert (found["totals"]["neutral"]["count"], found["voters"]["total"]) == (3, 3)
    assert found["totals"]["neutral"]["countSequence"] == 0


@pytest.mark.one_server
def test_closing_leaves_only_keys_that_the_data_model_lists(
    store: Store, voted: Consultation, settings: Settings
) -> None:
    closing(store, settings).turn()
    assert {shape(key) for key in store.redis.keys("*")} <= set(ROWS)
    assert f"iso:c:{{{voted.id}}}:minutes" in store.redis.keys("*")


@pytest.mark.parametrize("key", [None, "whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="])
def test_without_a_private_key_there_is_no_teller(
    store: Store, settings: Settings, key: str | None
) -> None:
    without = replace(settings, signing_key=key)
    with pytest.raises(KeyUnfit, match="ISOLOIR_SIGNING_KEY"):
        closing(store, without)


def test_a_key_that_has_signed_and_is_missing_now_is_named(
    store: Store, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    """Its minutes would still be there, and no key to verify them with."""
    old, new = keyring.new_key(), keyring.new_key()
    closing(store, replace(settings, signing_key=old))
    closing(store, replace(settings, signing_key=f"{old},{new}"))
    assert caplog.messages == []
    closing(store, replace(settings, signing_key=new))
    (line,) = caplog.messages
    assert keyring.Signer.parse(old).key.id in line
