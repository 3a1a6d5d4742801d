"""The page on the data model says what is really there."""

import re
from datetime import UTC, datetime
from pathlib import Path

from server.central.syncer import Syncer
from server.consultations.ballots import Ballot, Trust, Vote
from server.consultations.consultation import Consultation
from server.settings import Settings
from server.store import keys
from server.store.ballots import Wish
from server.store.store import Store
from server.teller.counting import Counting
from tests.conftest import all_keys

PAGE = (Path(__file__).parents[2] / "docs" / "developers" / "data-model.md").read_text()
ROWS = re.findall(r"^\| `(iso:[^`]+)` \|", PAGE, re.MULTILINE)


def shape(key: str) -> str:
    """Turn a real key into the way the page writes it."""
    key = re.sub(r"\{\w+\.\d+\}", "{c.b}", key)
    key = re.sub(r"\{\w+\}", "{c}", key.replace("{c.b}", "<box>")).replace("<box>", "{c.b}")
    key = re.sub(r"(\}|:pace:)(?!:|<)[\w-]+", r"\1<voter>", key)
    return re.sub(r"(tally|shadow):\d+", r"\1:<proposal>", key)


def built() -> set[str]:
    """Return every key that `keys.py` can build, as the page writes them."""
    box = keys.Box("c", 0)
    of_box = [
        box.voter("v"),
        box.more("v"),
        box.pace("v"),
        box.tally(1),
        box.shadow(1),
        box.changed,
    ]
    of_box += [box.revision, box.voters, box.shadow_voters, box.seal, box.recount, box.generation]
    makers = (keys.definition, keys.proposals, keys.voter_key, keys.version, keys.results)
    whole = [keys.SLUGS, keys.CONSULTATION_COUNTER, keys.PLACE_KEY]
    whole += [keys.SYNC_LEASE, keys.SYNC_FENCE, keys.sync("c"), keys.purge("c")]
    whole += [
        keys.minutes("c"),
        keys.minutes_claim("c"),
        keys.SIGNING_KEYS,
        keys.RESTORING,
        keys.FORGOTTEN,
        keys.LAYOUT,
    ]
    return set(map(shape, [*of_box, *(make("c") for make in makers), *whole]))


def test_the_page_lists_every_key_that_can_be_built() -> None:
    assert set(ROWS) == built()


def test_a_service_at_work_leaves_only_keys_that_the_page_lists(
    store: Store, opened: Consultation, settings: Settings
) -> None:
    ballot = Ballot(Vote.AGREE)
    for proposal in range(1, 25):
        store.ballots.cast(opened, 0, "nora", Wish(proposal, ballot, Trust.SEQUENCE, 2, number=1))
    store.ballots.withdraw(opened, 0, "nora", 1)
    store.recount.run(opened)
    store.consultations.place_key()
    Counting(store).turn()
    Syncer(store, settings, lambda: datetime.now(UTC)).turn()
    store.ballots.seal(opened)
    assert set(map(shape, all_keys(store))) <= set(ROWS)
