"""The page on the data model says what is really there."""

import re
from datetime import UTC, datetime
from pathlib import Path

from server.central.syncer import Syncer
from server.consultations.ballots import Ballot, Trust, Vote
from server.consultations.consultation import Consultation
from server.consultations.proposing import Draft
from server.settings import Settings
from server.store import keys
from server.store.ballots import Wish
from server.store.desk import MAKERS
from server.store.store import Store
from server.teller.candidates import Candidates
from server.teller.counting import Counting
from server.teller.dealing import Dealing
from server.teller.figures import Bookkeeping
from tests.conftest import all_keys
from tests.store.casting import publish
from tests.store.test_staff import sign_in_and_make_a_token

PAGE = (Path(__file__).parents[2] / "docs" / "developers" / "data-model.md").read_text()
ROWS = re.findall(r"^\| `(iso:[^`]+)` \|", PAGE, re.MULTILINE)


def shape(key: str) -> str:
    """Turn a real key into the way the page writes it."""
    key = re.sub(r"\{\w+\.\d+\}", "{c.b}", key)
    key = re.sub(r"\{\w+\}", "{c}", key.replace("{c.b}", "<box>")).replace("<box>", "{c.b}")
    key = re.sub(r"(\}|:pace:)(?!:|<)[\w-]+", r"\1<voter>", key)
    key = re.sub(r":session:[\w-]+", ":session:<digest>", key)
    key = re.sub(r":deed:[\w-]+", ":deed:<id>", key)
    key = re.sub(r":dossiers:[\w:-]+", ":dossiers:<subject>", key)
    key = re.sub(r":author:[\w-]+", ":author:<author>", key)
    key = re.sub(r":(place|asking):\d+", r":\1:<place>", key)
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
    makers = (
        keys.definition, keys.proposals, keys.voter_key, keys.version, keys.results,
        keys.decks, keys.lists, keys.groups,
    )  # fmt: skip
    whole = [keys.SLUGS, keys.CONSULTATION_COUNTER, keys.PLACE_KEY]
    whole += [keys.SYNC_LEASE, keys.SYNC_FENCE, keys.sync("c"), keys.purge("c")]
    whole += [
        keys.minutes("c"),
        keys.minutes_claim("c"),
        keys.SIGNING_KEYS,
        keys.RESTORING,
        keys.FORGOTTEN,
        keys.LAYOUT,
        keys.author("c", "a"),
        keys.authors("c"),
        keys.place("c", 1),
        keys.asking("c", 1),
        keys.proposed("c"),
        keys.proposal_number("c"),
        keys.accepted("c"),
        keys.logos("c"),
        keys.figures("c"),
        keys.participation("c"),
        keys.STAFF_MEMBERS,
        keys.STAFF_LINKS,
        keys.STAFF_TOKENS,
        keys.STAFF_TOKEN_DAYS,
        keys.STAFF_ACTS,
        keys.staff_session("d"),
        keys.deeds("c"),
        keys.staff_deed("d"),
        keys.dossiers("1"),
        keys.reports("c"),
    ]
    whole += [make("c") for make in MAKERS]
    whole += [keys.arrivals("c"), keys.labels("c"), keys.agreement("c")]
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
    for number in range(3):
        draft = Draft(f"Il faut essayer encore {number} fois", "fr")
        proposed = store.proposing.propose(opened, "author", draft, number, 1).proposal.id
    store.proposing.accept(opened, [proposed])
    store.recount.run(opened)
    store.consultations.place_key()
    publish(store, opened)
    Dealing(store, Candidates(store, Counting(store)), lambda: datetime.now(UTC)).turn()
    Bookkeeping(store).turn()
    sign_in_and_make_a_token(store)
    Syncer(store, settings, lambda: datetime.now(UTC)).turn()
    store.ballots.seal(opened)
    assert set(map(shape, all_keys(store))) <= set(ROWS)
