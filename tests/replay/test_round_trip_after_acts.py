"""Whatever staff have done, an export of everything is taken in by another store and comes out alike."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.consultations import files, logos
from server.consultations.actions import Action, ActionState, News, Target
from server.consultations.answers import Answer
from server.consultations.consultation import Consultation, Proposal, ProposalState
from server.consultations.deck_rules import DeckRules
from server.consultations.endorsements import Endorsement
from server.consultations.errors import Refusal
from server.consultations.exporting import exported
from server.consultations.kinds import Kind
from server.consultations.moderation import accept, merge, postpone, refuse
from server.consultations.partners import Partner, Role
from server.consultations.phases import Phase
from server.consultations.proposing import Draft, RefusalReason
from server.consultations.selection import Selected
from server.consultations.workshops import Workshop
from server.staff.acts import by_operator
from server.store.connection import primaries
from server.store.store import Store, open_store
from server.supervisor.embedded import EmbeddedStore
from tests.conftest import NO_BRAKE, consultation
from tests.drawing import drawn
from tests.store.desk import NORA, PAUL, undo

LOGO = logos.logo(drawn((40, 20), "red"))
NOW = datetime.now(UTC)
SEEDS = 4
READERS = ("Il faut qu'on dorme", "Il faut qu’on dorme", "Il faut rêver plus", "Il faut chanter")
EVERY = range(1, SEEDS + len(READERS) + 1)
FUTURE = 1_990_000_000_123  # milliseconds


@pytest.fixture(scope="module")
def another(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with EmbeddedStore(tmp_path_factory.mktemp("another")) as server:
        opened = open_store(server.url, brake=NO_BRAKE)
        yield opened
        opened.close()


def seeds() -> list[Proposal]:
    pending, refused = ProposalState.PENDING, ProposalState.REFUSED
    return [
        Proposal(1, "Il faut ouvrir plus tôt", "fr", "Zoé", 31, central="p-1"),
        Proposal(2, "Il faut fermer plus tard", "en"),
        Proposal(3, "Il faut lire le soir", "fr", state=pending),
        Proposal(4, "Il faut écrire le matin", "fr", state=refused),
    ]


def begun(store: Store) -> Consultation:
    """Return a question to those who govern, with all that a file can say, and what readers ask."""
    for node in primaries(store.redis):
        node.flushall()
    partner = Partner(Role.MEDIA, "RMC", "https://rmc.example/", logos.name_of(LOGO))
    asked = consultation(
        "sante",
        question="Comment aller mieux\u202f?",
        proposing=True,
        kind=Kind.CITIZENS_QUESTION,
        deck=DeckRules(size=8, new=2),
        partners=(partner, Partner(Role.FOUNDER, "Une ONG")),
    )
    made = store.consultations.create(asked, seeds(), {logos.name_of(LOGO): LOGO})
    store.moderation.tagging.set_labels(made, ["école", "nuit : oui", "#3"])
    for number, text in enumerate(READERS):
        store.proposing.propose(made, f"a-{number}", Draft(text, "fr", "Zoé", 31), number, number)
    return made


Act = tuple[str, int, int]  # what is done, to which proposal, and another one or a choice


def acts(store: Store, asked: Consultation) -> dict[str, Callable[[int, int], object]]:
    """Return what staff may do, each with a proposal and a number that decides the rest."""
    desk, tagging = store.moderation.decisions, store.moderation.tagging
    reasons = list(RefusalReason)

    def current() -> Consultation:
        return store.consultations.by_slug(asked.slug)

    def decide(verdict: object, hold: int = 0) -> None:
        desk.decide(current(), NORA, [verdict], hold=hold)  # type: ignore[list-item]

    def reason(m: int) -> RefusalReason:
        return reasons[m % len(reasons)]

    def change(**fields: object) -> None:
        store.consultations.replace(replace(current(), **fields))  # type: ignore[arg-type]

    def close_and_state(_: int, m: int) -> None:
        now = datetime.now(UTC)
        closed = current().closed(now - timedelta(hours=1))
        phase = [Phase.SELECTION, Phase.WORKSHOPS, Phase.ACTIONS, Phase.DONE][m % 4]
        store.consultations.replace(closed.reaching(phase, now))

    def answer(n: int, m: int) -> None:
        said = Answer(n, "La ministre", date(2027, 4, 1 + m), f"Oui, n° {m}.", None, "ministre")
        store.following.answer("sante", said, NOW, by_operator)

    def select(n: int, m: int) -> None:
        day = current().closes.date()
        store.following.select("sante", [Selected(n, day, f"n° {m} !")], NOW, by_operator)

    def workshop(n: int, m: int) -> None:
        held = Workshop(0, "Atelier", date(2027, 5, 1 + m), ("RMC",), (n,), "Dix idées.")
        store.following.add_workshop("sante", held, by_operator)

    def workshop_again(n: int, m: int) -> None:
        held = Workshop(1 + m % 2, "Atelier : deux", date(2027, 6, 1), (), (n,))
        store.following.change_workshop("sante", held, by_operator)

    def act(n: int, m: int) -> None:
        target = Target(Decimal(m) + Decimal("0.50"), "personnes", date(2028, 4, 1))
        told = (News(date(2027, 6, m), "Commencé.", Decimal("0.10")),)
        state = ActionState.UNDER_WAY
        one = Action(m, "Aider", "RMC", "Aider.", date(2027, 5, 1), target, state, (n,), told)
        change(actions=(*(a for a in current().actions if a.id != m), one))

    def endorse(n: int, m: int) -> None:
        backed = Endorsement(f"ONG {m % 3}", date(2027, 2, 1), n if m % 2 else None)
        store.following.endorse("sante", backed, by_operator)

    return {
        "accept": lambda n, _: decide(accept(n)),
        "edit": lambda n, m: decide(accept(n, text=f"Il faut mieux lire n° {m}")),
        "edit-held": lambda n, m: decide(accept(n, text=f"Il faut relire n° {m}"), 60_000),
        "refuse": lambda n, m: decide(refuse(n, reason(m))),
        "refuse-held": lambda n, m: decide(refuse(n, reason(m)), 60_000),
        "postpone": lambda n, m: decide(postpone(n, FUTURE + m, ["", "demander : quoi ?"][m % 2])),
        "merge": lambda n, m: decide(merge(n, m)),
        "merge-held": lambda n, m: decide(merge(n, m), 60_000),
        "undo": lambda n, _: undo(store, current(), PAUL, n),
        "take-down": lambda n, m: desk.take_down(current(), PAUL, n, reason(m)),
        "put-back": lambda n, _: desk.put_back(current(), PAUL, n),
        "tag": lambda n, m: tagging.tag(current(), PAUL, n, ["école", "nuit : oui", "#3"][: m % 4]),
        "forget": lambda n, _: store.proposing.forget(current(), f"a-{n - SEEDS - 1}", None),
        "labels": lambda _, m: tagging.set_labels(current(), ["nuit : oui", f"n° {m}"]),
        "feature": lambda _, m: change(featured=bool(m % 2), theme="Santé", cause="Agir"),
        "answer": answer,
        "close": close_and_state,
        "select": select,
        "unselect": lambda n, _: store.following.unselect("sante", n, by_operator),
        "workshop": workshop,
        "workshop-again": workshop_again,
        "workshop-gone": lambda n, _: store.following.remove_workshop("sante", n, by_operator),
        "action": act,
        "endorse": endorse,
        "unendorse": lambda _, m: store.following.unendorse(
            "sante", current().endorsements[m % 2].handle, by_operator
        ),
    }


# In this order each of them has something to do.
ALL: list[Act] = [
    ("answer", 1, 0),
    ("answer", 1, 1),
    ("endorse", 1, 1),
    ("endorse", 1, 2),
    ("unendorse", 1, 0),
    ("workshop", 1, 1),
    ("workshop", 2, 2),
    ("workshop-again", 1, 1),
    ("workshop-gone", 1, 0),
    ("action", 2, 3),
    ("tag", 5, 2),
    ("feature", 1, 1),
    ("postpone", 7, 1),
    ("labels", 1, 7),
    ("edit", 5, 1),
    ("accept", 6, 1),
    ("merge", 6, 5),
    ("take-down", 1, 3),
    ("take-down", 5, 4),
    ("refuse", 3, 2),
    ("put-back", 5, 1),
    ("merge", 2, 5),
    ("edit-held", 8, 1),
    ("undo", 8, 1),
    ("refuse-held", 8, 1),
    ("undo", 8, 1),
    ("merge-held", 8, 5),
    ("close", 1, 2),
    ("select", 5, 1),
    ("unselect", 5, 1),
    ("select", 5, 2),
    ("forget", 7, 1),
]
NAMES = sorted({name for name, _, _ in ALL})
any_acts = st.lists(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(EVERY), st.sampled_from(EVERY)), max_size=25
)


def play(store: Store, asked: Consultation, done: list[Act]) -> int:
    """Have staff do all of it; return how much of it was refused."""
    known, refused = acts(store, asked), 0
    assert sorted(known) == NAMES
    for name, proposal, other in done:
        try:
            known[name](proposal, other)
        except (Refusal, IndexError):
            refused += 1
    return refused


def written(store: Store) -> str:
    return exported(store.filing.whole(store.consultations.by_slug("sante")))


def taken_in(text: str, store: Store) -> None:
    for node in primaries(store.redis):
        node.flushall()
    store.filing.take_in(files.parse(text.encode(), "export.yaml"))


@given(any_acts)
@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_after_any_acts_another_store_writes_the_same_file(
    store: Store, another: Store, done: list[Act]
) -> None:
    """Byte for byte: readers' own texts, doubles, stand-ins, dangling answers and all."""
    play(store, begun(store), done)
    text = written(store)
    taken_in(text, another)
    assert written(another) == text


def test_an_export_says_what_staff_have_made_of_each(store: Store, another: Store) -> None:
    """Every act that can be done was done, and the other store goes on from there."""
    assert play(store, begun(store), ALL) == 0
    text = written(store)
    taken_in(text, another)
    assert written(another) == text
    found = files.parse(text.encode(), "export.yaml")
    said = found.handled
    assert len({one.id for one in found.proposals} | {s.proposal.id for s in found.submitted}) == 7
    assert (said[1].down, said[2].into, said[6].into, said[3].reason) == (
        True,
        5,
        5,
        "several-ideas",
    )
    assert [one.text for one in said[5].former] == ["Il faut qu'on dorme"]
    assert said[5].labels == ("école", "nuit : oui")
    assert 7 not in said, "its author was forgotten"
    assert found.labels == ("nuit : oui", "n° 7")


def test_what_was_taken_down_is_put_back_in_the_other_store(store: Store, another: Store) -> None:
    """With its own text, under its own number, and nobody is served it before."""
    play(store, begun(store), [("edit", 5, 1), ("take-down", 5, 1), ("postpone", 7, 1)])
    taken_in(written(store), another)
    copy = another.consultations.by_slug("sante")
    left = {one.id: one for one in another.consultations.proposals(copy)}
    assert (left[5].text, left[5].state) == ("Il faut … (withdrawn)", "refused")
    another.moderation.decisions.put_back(copy, NORA, 5)
    back = {one.id: one for one in another.consultations.proposals(copy)}[5]
    assert (back.text, back.author) == ("Il faut mieux lire n° 1", "Zoé")
    (case,) = another.moderation.cases.of(copy, [7])
    assert case.postponed is not None
    assert (case.postponed.until, case.postponed.note) == (FUTURE + 1, "demander : quoi ?")
    another.moderation.index.catch_up([copy])
    assert [one.submission.proposal.id for one in another.moderation.queue.waiting(copy)][-1] == 7


def test_a_decision_that_can_be_undone_is_not_in_the_file(store: Store, another: Store) -> None:
    """Its proposal waits there, with the text that its author wrote."""
    play(store, begun(store), [("edit-held", 5, 1)])
    taken_in(written(store), another)
    copy = another.consultations.by_slug("sante")
    waits = {one.proposal.id: one.proposal.text for one in another.proposing.waiting(copy)}
    assert waits[5] == "Il faut qu'on dorme"
    assert another.moderation.trail.former(copy, 5) == []
