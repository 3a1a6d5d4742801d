"""The states of the style guide: one row for each look that the booth can have."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from server.consultations.actions import Action, ActionState, News, Target
from server.consultations.ages import Band
from server.consultations.answers import Former
from server.consultations.consultation import Proposal
from server.consultations.endorsements import Endorsement
from server.consultations.partners import Partner, Role
from server.consultations.results import Counts
from server.consultations.workshops import Workshop
from server.store.voters import Forgotten
from server.web import results
from server.web.followup import Chosen, Followup, Meeting, Pledge
from server.web.messages import Speech
from server.web.pages import Card, Form, Look, OwnBallot, OwnVote, Page, Proposed
from server.web.stages import Stage
from server.web.surroundings import Around, Reply

PARIS = ZoneInfo("Europe/Paris")
OPENS = datetime(2027, 3, 1, 9, 0, tzinfo=PARIS)
CLOSES = datetime(2027, 4, 30, 23, 59, tzinfo=PARIS)


@dataclass(frozen=True)
class Sample:
    """What a consultation says, in one language. The proposals go with `text` of a state."""

    question: str
    usual: str
    short: str
    long: str  # as long as the rules allow
    afterwards: str
    theme: str
    minister: str
    day: str
    action: str
    unit: str
    reason: str


SAMPLES = {
    "fr": Sample(
        "Comment réinventer le travail grâce aux nouvelles technologies\u202f?",
        "Il faut former chaque salarié à l’intelligence artificielle, sur son temps de travail.",
        "Il faut rire.",
        "Il faut que chaque entreprise consacre dix pour cent des gains de l’automatisation à "
        "former celles et ceux dont le métier change bientôt.",
        "Un atelier réunira les partenaires en mars\u202f; ses engagements seront publiés ici.",
        "Travail et numérique",
        "La ministre du Travail",
        "2 juin 2027",
        "Mille mentors pour les métiers qui changent",
        "personnes accompagnées",
        "La plus soutenue dans tous les médias, et une entreprise est prête à l’appliquer.",
    ),
    "en": Sample(
        "How can new technologies help us to reinvent the way we work?",
        "We should train every employee in artificial intelligence, during working hours.",
        "We should laugh.",
        "We should have every company spend ten per cent of what automation saves on training "
        "all the people whose trade is about to change soon.",
        "A workshop of all partners meets in March; what they commit to will be published here.",
        "Work and technology",
        "The minister for work",
        "2 June 2027",
        "A thousand mentors for trades that change",
        "people mentored",
        "The best supported through every title, and a company is ready to do it.",
    ),
}
LINK = "https://vote.example/c/reinventer-le-travail/mine/25.iKlM0r3dWc9yQ1uXz7bT5nVfGhJp2sLaEoR4tY6wB8U"
WORDY = "Marie-Madeleine de La Rochefoucauld-Léon"  # forty characters: the longest name allowed
VOTED = (1203, 118, 240, 310, 402, 12, 30, 44, 9, 61, 122, 40)
FULL = Counts(VOTED, VOTED)  # all were asked: without a link, readers see one number
LINKED = Counts(tuple(50 * number for number in VOTED), VOTED)
EARLY = Counts((3, 1, 0, 2, 1, 0, 0, 1, 0, 0, 0, 0))
AGREE = {"ballot": OwnBallot("agree", ("likeIt", "doable")), "voted": 3}
HOUSE_RULES = {"of": 24, "voted": 2, "participants": 1848}
NOWHERE: dict[str, Any] = {"question": None, "slug": "", "accent": None, "participants": 0}


@dataclass(frozen=True)
class State:
    """A page with these fields; a function among them is called with the language of the texts."""

    name: str
    screen: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    text: str = "usual"
    sandboxed: bool = False  # in an origin of its own, as some content systems do
    scripted: bool = True


def _result(counts: Counts | None, **more: Any) -> dict[str, Any]:
    return {**AGREE, "results": counts and results.shown(1, counts), **more}


def _own(language: str) -> tuple[OwnVote, ...]:
    ballots = (OwnBallot("agree", ("likeIt",)), OwnBallot("disagree"), OwnBallot("neutral"))
    texts = ("long", "usual", "short")
    return tuple(
        OwnVote(_card(text, language), ballot) for text, ballot in zip(texts, ballots, strict=True)
    )


def _best(language: str) -> tuple[tuple[Card, dict[str, Any]], ...]:
    return tuple((_card(text, language), results.shown(1, FULL)) for text in ("long", "usual"))


def _replies(language: str) -> dict[int, Reply]:
    sample = SAMPLES[language]
    return {1: Reply(sample.minister, sample.day, sample.afterwards, "https://www.example.org/")}


def _corrected(language: str) -> dict[int, Reply]:
    former = (Former(SAMPLES[language].usual, date(2027, 6, 9)),)
    return {1: replace(_replies(language)[1], former=former)}


BACKERS = (
    Endorsement(WORDY, date(2027, 3, 2)),
    Endorsement("RMC", date(2027, 3, 4), link="https://rmc.example/"),
)
ROAD = (
    Stage("results", date(2027, 4, 30)),
    Stage("selection", date(2027, 5, 20)),
    Stage("workshops", date(2027, 6, 11)),
    Stage("actions", date(2027, 9, 1), lasts=True),
    Stage("done"),
)
QUESTIONED = (
    Stage("results", date(2027, 4, 30)),
    Stage("put", date(2027, 5, 20)),
    Stage("answers", date(2027, 6, 2), lasts=True),
    Stage("done"),
)


def _became(language: str) -> Followup:
    """Return what came of a vote: two selected, one workshop, an action that does and one that sleeps."""
    sample = SAMPLES[language]
    long, usual = _proposal(1, "long", language), _proposal(2, "usual", language)
    target = Target(Decimal(1000), sample.unit, date(2028, 6, 30))
    news = (
        News(date(2027, 12, 10), sample.usual, Decimal(120)),
        News(date(2028, 2, 3), sample.afterwards, Decimal(312), "https://www.example.org/312"),
    )
    busy = Action(
        1, sample.action, "RMC", sample.reason, date(2027, 9, 1), target,
        ActionState.UNDER_WAY, (1,), news,
    )  # fmt: skip
    missed = Target(Decimal("12.5"), sample.unit, date(2027, 12, 31))
    asleep = Action(2, sample.usual, WORDY, sample.reason, date(2027, 9, 1), missed)
    return Followup(
        closed=CLOSES.date(),
        stages=ROAD,
        chosen=(
            Chosen(long, results.shown(1, FULL), date(2027, 5, 20), sample.reason),
            Chosen(usual, results.shown(2, EARLY), date(2027, 5, 20)),
        ),
        meetings=(
            Meeting(Workshop(1, sample.theme, date(2027, 6, 11), ("RMC", WORDY)), (long, usual)),
        ),
        pledges=(
            Pledge(busy, (long,), "targetAhead", 31),
            Pledge(asleep, (), "targetUnheard", silent=True),
        ),
        backers=BACKERS,
        backed={1: BACKERS},
        selected=(1, 2),
        origins=((1,), ()),
    )


def _briefly(language: str) -> Followup:
    """Return the same as an article tells it."""
    return replace(_became(language), meetings=())


def _chosen(language: str) -> Followup:
    """Return what is known while workshops are held, before there is an action."""
    road = (*ROAD[:2], replace(ROAD[2], lasts=True), Stage("actions"), Stage("done"))
    return replace(_became(language), stages=road, pledges=(), origins=())


def _questioned(language: str) -> Followup:
    """Return what came of a citizens' question: one answered and corrected, one that waits."""
    put = _became(language).chosen
    waiting = replace(put[1], waited=42, reason=None)
    return Followup(CLOSES.date(), QUESTIONED, (put[0], waiting), selected=(1, 2))


def _proposal(number: int, text: str, language: str) -> Proposal:
    return Proposal(number, getattr(SAMPLES[language], text), language)


def _around(language: str) -> Around:
    sample = SAMPLES[language]
    named = (Partner(Role.FOUNDER, WORDY), Partner(Role.FOUNDER, "RMC", "https://rmc.example/"))
    return Around((sample.theme,), (("founder", named), ("association", named[:1])), BACKERS)


def _afterwards(language: str) -> str:
    return SAMPLES[language].afterwards


def _proposed(language: str) -> tuple[Proposed, ...]:
    text = SAMPLES[language].usual
    instead = Proposed(text, "merged", "duplicate", _card("usual", language))
    down = Proposed(text, "down", "legal")
    return Proposed(text, "pending"), Proposed(text, "accepted", votes=214), instead, down


def _faulty(language: str) -> Form:
    faults = (("text", "too-short"), ("text", "link"), ("name", "name"))
    return Form("Il faut", SAMPLES[language].short, WORDY, "25-34", faults)


# To show another look, add a row.
STATES = (
    State("card", "card"),
    State("card-long", "card", text="long"),
    State("card-short", "card", {"accent": None, "participants": 0, "of": 1, "voted": 0}, "short"),
    State("card-blue", "card", {"accent": "#0b4fa3"}),
    State("card-rehearsal", "card", {"rehearsal": True}),
    State("card-page", "card", {"standalone": True}),
    State("card-not-remembered", "card", sandboxed=True),
    State("card-scriptless", "card", scripted=False),
    State("result", "result", _result(FULL)),
    State("result-disagree", "result", _result(FULL, ballot=OwnBallot("disagree", ("noWay",)))),
    State("result-neutral", "result", _result(FULL, ballot=OwnBallot("neutral"))),
    State("result-early", "result", _result(EARLY)),
    State("result-linked", "result", _result(LINKED)),
    State("result-hidden", "result", _result(None)),
    State("result-long", "result", _result(FULL), text="long"),
    State("result-short", "result", _result(FULL, accent=None), text="short"),
    State("result-waiting", "result", _result(None, said="kept")),
    State("result-counted", "result", _result(FULL, said="counted")),
    State("result-rehearsal", "result", _result(FULL, rehearsal=True)),
    State("result-page", "result", _result(FULL, standalone=True)),
    State("result-not-remembered", "result", _result(FULL), sandboxed=True),
    State("result-scriptless", "result", _result(FULL), scripted=False),
    State("final", "final", {"voted": 24, "cards": ()}),
    State("final-page", "final", {"voted": 24, "cards": (), "standalone": True}),
    State("menu", "menu", {"own": _own}),
    State("menu-none", "menu"),
    State("menu-forgotten", "menu", {"forgotten": Forgotten(3, counted=False)}),
    State("menu-unlinked", "menu", {"forgotten": Forgotten(0, counted=True), "state": "closed"}),
    State("menu-page", "menu", {"own": _own, "standalone": True}),
    State("menu-scriptless", "menu", {"own": _own}, scripted=False),
    State("menu-proposed", "menu", {"own": _own, "proposed": _proposed, "proposing": True}),
    State("propose", "propose", {"form": Form("Il faut")}),
    State("propose-page", "propose", {"form": Form("Il faut"), "standalone": True}),
    State("propose-faulty", "propose", {"form": _faulty}),
    State("propose-scriptless", "propose", {"form": _faulty}, scripted=False),
    State("proposed", "propose", {"form": Form("Il faut", done=True, link=LINK)}),
    State("final-proposing", "final", {"voted": 24, "cards": (), "proposing": True}),
    State("upcoming", "upcoming"),
    State("upcoming-page", "upcoming", {"standalone": True}),
    State("closed", "closed"),
    State("closed-best", "closed", {"best": _best, "afterwards": _afterwards}),
    State("closed-best-page", "closed", {"best": _best, "standalone": True}),
    State("closed-answered", "closed", {"best": _best, "replies": _replies, "asking": True}),
    State("closed-selected", "closed", {"after": _chosen, "afterwards": _afterwards}),
    State("closed-actions", "closed", {"after": _briefly}),
    State("closed-actions-page", "closed", {"after": _became, "best": _best, "standalone": True}),
    State(
        "closed-questions",
        "closed",
        {"after": _questioned, "replies": _corrected, "asking": True},
    ),
    State("card-around", "card", {"standalone": True, "around": _around}),
    State("propose-question", "propose", {"form": Form(""), "asking": True}),
    State("propose-over", "propose", {"form": Form("", over=True)}),
    State("unknown", "unknown", NOWHERE),
    State("blocked", "blocked"),
    State("error", "error", {**NOWHERE, "message": "store-unavailable"}),
    State("error-known", "error", {"message": "store-unavailable"}),
    State("refused", "error", {"message": "ticket-invalid"}),
    State("continue", "continue", AGREE),
)
BY_NAME = {state.name: state for state in STATES}


def page(state: State, how: Look, speech: Speech) -> Page:
    """Return the page that shows a state, in a certain look."""
    language = speech.lang if speech.lang in SAMPLES else "en"
    usual = Page(
        screen=state.screen,
        lang=speech.lang,
        theme=how.theme,
        slug="styleguide",
        question=SAMPLES[language].question,
        language=language,
        accent="#c4122f",
        opens=speech.moment(OPENS),
        closes=speech.moment(CLOSES),
        closes_day=speech.day(CLOSES),
        opens_in=speech.wait(timedelta(days=9)),
        address="https://vote.example/c/reinventer-le-travail?source=direct",
        state=state.screen if state.screen in ("upcoming", "closed") else "open",
        cards=(_card(state.text, language),),
        ticket="none",
    )
    own = {name: it(language) if callable(it) else it for name, it in state.fields.items()}
    return replace(usual, **{**HOUSE_RULES, **own})


def _card(text: str, language: str) -> Card:
    said = getattr(SAMPLES[language], text)
    author = {"usual": "Sofia", "long": WORDY, "short": None}[text]
    return Card(1, said, author, Band.FROM_25 if author else None, language)
