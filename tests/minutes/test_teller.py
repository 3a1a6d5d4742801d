"""The real process: it closes, survives being killed, and does not start without its key."""

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from server.consultations.consultation import Consultation
from server.consultations.minutes_files import faults, parse, signed_by
from server.settings import Settings
from server.store import keys
from server.store.store import Store
from tests.conftest import consultation, proposals
from tests.minutes.conftest import KEY, cast, content, public
from tests.run.machine import ISOLOIR, environ, run, until


def values(settings: Settings, **more: str) -> dict[str, str]:
    return {
        "REDIS_URL": settings.redis_url,
        "ISOLOIR_URL": settings.public_url,
        "ISOLOIR_SECRET_KEYS": ",".join(settings.secret_keys),
        **more,
    }


@contextmanager
def teller(settings: Settings, log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    with log.open("ab") as said:
        process = subprocess.Popen(
            [ISOLOIR, "teller"],
            env=environ(**values(settings, ISOLOIR_SIGNING_KEY=KEY)),
            stdout=said,
            stderr=subprocess.STDOUT,
        )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


def over(store: Store, asked: Consultation) -> Consultation:
    """Let the consultation be over from this instant."""
    closed = replace(asked, closes=datetime.now(UTC) - timedelta(milliseconds=1))
    store.consultations.replace(closed)
    return closed


def has_minutes(store: Store, asked: Consultation) -> bool:
    return store.minutes.versions(asked) > 0


@pytest.mark.one_server
def test_two_tellers_close_several_consultations_and_each_has_one_version(
    store: Store, settings: Settings, tmp_path: Path
) -> None:
    asked = [store.consultations.create(consultation(f"c-{i}"), proposals()) for i in range(4)]
    with ExitStack() as running:
        for _ in range(2):
            running.enter_context(teller(settings, tmp_path / "log"))
        for one in asked:
            cast(store, one, "nora", 5)
            over(store, one)
        until(lambda: all(has_minutes(store, one) for one in asked), "all have minutes")
    for one in asked:
        assert store.minutes.versions(one) == 1
        document = parse(content(store, one))
        assert signed_by(document, public())
        assert list(faults(document)) == []
        assert document["totals"]["agree"]["count"] == 1
    assert "Traceback" not in (tmp_path / "log").read_text()


@pytest.mark.one_server
@pytest.mark.parametrize("fact", ["seal", "generation", "minutes"])
def test_a_teller_killed_while_it_closes_is_made_up_for(
    store: Store, opened: Consultation, settings: Settings, tmp_path: Path, fact: str
) -> None:
    """Killed once it has sealed, begun to recount, or just finished; the next one makes it whole."""
    for voter in range(300):
        cast(store, opened, f"v{voter}", voter % 24 + 1)
    with teller(settings, tmp_path / "log") as first:
        over(store, opened)
        box = keys.Box(opened.id, 0)
        named = {
            "seal": box.seal,
            "generation": box.generation,
            "minutes": keys.minutes(opened.id),
        }
        until(lambda: bool(store.redis.exists(named[fact])), fact)
        first.kill()
        first.wait()
    # What a dead teller had claimed runs out after half a minute; here, at once.
    store.redis.delete(keys.minutes_claim(opened.id))
    with teller(settings, tmp_path / "log"):
        until(lambda: has_minutes(store, opened), "the next one draws them up")
    assert store.minutes.versions(opened) == 1
    document = parse(content(store, opened))
    assert document["totals"]["agree"]["count"] == document["voters"]["total"] == 300
    assert document["recount"]["differences"] == 0


@pytest.mark.one_server
@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({}, "ISOLOIR_SIGNING_KEY is missing"),
        ({"ISOLOIR_SIGNING_KEY": "whsk_x"}, "whsk_ (private)"),
        ({"ISOLOIR_SIGNING_KEY": f"whpk_{public().base64}"}, "the last key signs"),
    ],
)
def test_a_host_without_a_key_is_told_how_to_make_one(
    store: Store, settings: Settings, more: dict[str, str], word: str
) -> None:
    done = run(ISOLOIR, "teller", **values(settings, **more))
    assert done.returncode == 1
    assert word in done.stderr
    assert len(done.stderr.splitlines()) == 1
