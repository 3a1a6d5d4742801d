"""kill -9 of store, web and teller at random points under load: no acknowledged vote is lost."""

import os
import random
import signal
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from server.consultations.consultation import ResultsRule
from server.settings import Settings, with_data_folder
from server.store.store import open_store
from tests.conftest import consultation, proposals
from tests.faults.booth import Booth
from tests.faults.crowd import Crowd
from tests.faults.places import settled
from tests.run.machine import Machine, machine, processes, until

ROUNDS = ("store",) * 6 + ("worker",) * 5 + ("web",) * 4 + ("teller",) * 5
SLUG = "que-faire-de-nos-dimanches"
READERS = 6
PROPOSALS = 12
MOST = 40  # votes from one kill to the next
SEED = random.SystemRandom().randrange(1_000_000)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Machine]:
    """The whole service under its supervisor, receiver included, and a consultation to vote in."""
    with machine("demo", tmp_path / "data") as running:
        settings = Settings.load(with_data_folder(running.data, {}))
        with closing(open_store(settings.redis_url)) as store:
            asked = consultation(SLUG, results=ResultsRule.ALWAYS)
            store.consultations.create(asked, proposals(PROPOSALS))
        yield running


def kill(service: Machine, part: str) -> None:
    """Kill one process outright: of web its master, or one of the workers below it."""
    until(lambda: bool(victims(service, part)), f"{part} is there to be killed")
    os.kill(random.choice(victims(service, part)), signal.SIGKILL)


def victims(service: Machine, part: str) -> list[int]:
    parts = service.children()
    if part != "worker":
        return [parts[part].pid] if part in parts else []
    return [one.pid for one in processes() if "web" in parts and one.parent == parts["web"].pid]


def test_twenty_kills_under_load_lose_no_acknowledged_vote(service: Machine) -> None:
    """Every wish that was answered 200 is counted once, in the boxes, on the page and afar.

    Under the supervisor everything comes back by itself.
    """
    chance = random.Random(SEED)
    rounds = chance.sample(ROUNDS, len(ROUNDS))
    origin = f"http://localhost:{service.port}"

    def booth() -> Booth:
        return Booth(f"http://127.0.0.1:{service.port}", origin, SLUG)

    with Crowd(booth, range(1, PROPOSALS + 1), READERS, SEED) as crowd:
        for part in rounds:
            enough = crowd.acknowledged + chance.randint(5, MOST)
            until(lambda least=enough: crowd.acknowledged >= least, f"votes go on, seed {SEED}")
            assert crowd.alive()
            kill(service, part)
        until(service.ready, "the service takes votes again")
    wanted = dict(+crowd.wanted)
    assert sum(wanted.values()) > len(ROUNDS)
    for place, votes in settled(service.data, SLUG).items():
        assert votes == wanted, f"{place}, seed {SEED}"
