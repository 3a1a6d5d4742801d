"""Actions: what may be written of one, how its news lie, and what a link may do."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from server.consultations import acting
from server.consultations.acting import mark_of
from server.consultations.actions import MOST_NEWS, Action, ActionState, News
from server.consultations.amounts import amount
from server.consultations.consultation import Consultation
from server.consultations.errors import (
    ActionsNotYet,
    ActionUnknown,
    ChangedMeanwhile,
    DraftUnknown,
    NewsUnknown,
    ProposalUnknown,
    ReportLinkUnknown,
    SlowDown,
    TooManyActions,
    TooManyDrafts,
    TooMuchNews,
    WordingRefused,
)
from server.consultations.records import Wrong
from server.consultations.reporting import (
    DRAFT_STEP,
    DRAFTS_AT_ONCE,
    MOST_DRAFTS,
    MOST_REFUSED,
    REFUSED_FOR,
    Reporting,
)
from server.consultations.written_actions import read_action, read_news, read_word
from server.staff.action_sheets import ActionSheet
from server.staff.acts import MOST_TEXT
from tests.conftest import consultation

NOW = datetime(2027, 6, 1, 12, tzinfo=UTC)
DAY = date(2027, 5, 1)
KNOWN = {3, 12}
GIVEN: dict[str, str | None] = {
    "title": "Parrainer les jeunes",
    "partner": "Réseau Mentor",
    "promise": "Nous parrainerons mille jeunes : en un an.",
    "on": "2027-05-01",
    "target.amount": "1 000",
    "target.unit": "jeunes parrainés",
    "target.by": "2028-05-01",
    "proposals": "12, 3",
}


def closed(*actions: Action) -> Consultation:
    return consultation(
        opens=NOW - timedelta(days=60), closes=NOW - timedelta(days=9), actions=actions
    )


def news(text: str = "Cent jeunes.", on: date = DAY, said: str | None = None) -> News:
    return News(on, text, said and Decimal(said))  # type: ignore[arg-type]


def faults(refusal: pytest.ExceptionInfo[WordingRefused]) -> set[tuple[str, str]]:
    return {(one["field"], one["code"]) for one in refusal.value.extra["errors"]}


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("1 000", "1000"), ("1\u202f000", "1000"), ("12,5", "12.5"), ("12.5", "12.5"), ("0", "0"),
        ("1 234 567,89", "1234567.89"), ("999999999999", "999999999999"), (" 7 ", "7"),
    ],
)  # fmt: skip
def test_an_amount_is_read_as_people_type_it(typed: str, read: str) -> None:
    assert amount(typed) == Decimal(read)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "-1",
        "1.000",
        "1,000",
        "1 00",
        "12,345",
        "1e9",
        "NaN",
        "Infinity",
        "1" * 13,
        "²",
        "٣",
        "1_0",
    ],
)
def test_what_is_no_amount_or_could_be_two_is_refused(typed: str) -> None:
    with pytest.raises(Wrong):
        amount(typed)


def test_an_action_is_read_and_printed_and_every_fault_told_at_once() -> None:
    read = read_action(GIVEN, "fr")
    assert read.promise == "Nous parrainerons mille jeunes\u202f: en un an."
    assert (read.target and read.target.amount, read.proposals) == (Decimal(1000), (3, 12))
    bare = {name: GIVEN[name] for name in ("title", "partner", "promise", "on")}
    assert read_action(bare, "fr").target is None
    with pytest.raises(WordingRefused) as refused:
        read_action({"title": "<b>", "on": "hier", "target.amount": "5", "proposals": "x"}, "fr")
    assert faults(refused) == {
        *((name, "value-refused") for name in ("title", "partner", "promise", "on", "proposals")),
        ("target.unit", "target-incomplete"), ("target.by", "target-incomplete"),
    }  # fmt: skip


def test_as_many_proposals_are_read_as_a_file_may_name() -> None:
    many = ", ".join(map(str, range(9_999_900, 10_000_000)))
    assert len(read_action({**GIVEN, "proposals": many}, "fr").proposals) == 100
    for odd in (f"{many}, 1", "10000000"):
        with pytest.raises(WordingRefused):
            read_action({**GIVEN, "proposals": odd}, "fr")


def test_news_is_of_a_day_that_has_come_and_measures_what_has_a_target() -> None:
    given = {
        "text": "Cent jeunes !",
        "on": "2027-06-01",
        "amount": "100",
        "source": "https://a.fr/b",
    }
    read = read_news(given, "fr", date(2027, 6, 1), measured=True)
    assert (read.text, read.amount) == ("Cent jeunes\u202f!", Decimal(100))
    with pytest.raises(WordingRefused) as refused:
        read_news({**given, "source": "http://a.fr", "text": "x" * 1001}, "fr", DAY, measured=False)
    assert faults(refused) == {
        ("text", "value-refused"), ("source", "value-refused"),
        ("on", "in-the-future"), ("amount", "no-target"),
    }  # fmt: skip
    with pytest.raises(WordingRefused):
        read_word("", "fr")


def test_an_action_is_added_after_the_close_once_and_of_proposals_that_are_there() -> None:
    new = read_action(GIVEN, "fr")
    made = acting.with_action(closed(), new, KNOWN, NOW)
    assert [one.id for one in made.actions] == [1]
    assert acting.with_action(made, new, KNOWN, NOW) == made
    with pytest.raises(ProposalUnknown):
        acting.with_action(closed(), new, {3}, NOW)
    with pytest.raises(ActionsNotYet):
        acting.with_action(closed(), new, KNOWN, NOW - timedelta(days=10))
    full = closed(*(replace(new, id=n, title=f"Action {n}") for n in range(1, 101)))
    with pytest.raises(TooManyActions):
        acting.with_action(full, new, KNOWN, NOW)


def test_a_change_keeps_state_and_news_and_meets_only_the_version_that_was_read() -> None:
    old = replace(read_action(GIVEN, "fr"), id=4, state=ActionState.KEPT, news=(news(),))
    new = replace(old, title="Autrement", state=ActionState.COMMITTED, news=())
    version = acting.version_of(old)
    # A proposal that it served may be gone from what readers see.
    made = acting.changed_action(closed(old), 4, new, set(), NOW, version)
    assert made.actions == (replace(old, title="Autrement"),)
    with pytest.raises(ChangedMeanwhile):
        acting.changed_action(made, 4, new, KNOWN, NOW, version)
    with pytest.raises(ActionUnknown):
        acting.stated(made, 5, ActionState.DROPPED)
    assert acting.told_actions(closed(old), made) == [
        "action 4 title: Parrainer les jeunes → Autrement"
    ]


def test_news_lies_by_day_is_corrected_by_its_mark_and_the_last_of_a_day_counts() -> None:
    asked = closed(replace(read_action(GIVEN, "fr"), id=1))
    for one in (news("b", DAY, "50"), news("c", DAY, "70"), news("a", date(2027, 4, 1), "10")):
        asked = acting.with_news(asked, 1, one)
    (action,) = asked.actions
    assert [one.on for one in action.news] == [date(2027, 4, 1), DAY, DAY]
    assert action.amount == Decimal(70)
    assert acting.with_news(asked, 1, news("b", DAY, "50")) == asked
    mark = mark_of(news("c", DAY, "70"))
    mended = acting.with_news_corrected(asked, 1, mark, news("c", DAY, "75"))
    assert mended.actions[0].amount == Decimal(75)
    assert acting.with_news_corrected(mended, 1, mark, news("c", DAY, "75")) == mended
    for deed in (
        lambda: acting.with_news_corrected(mended, 1, mark, news("d")),
        lambda: acting.without_news(mended, 1, mark),
    ):
        with pytest.raises(NewsUnknown):
            deed()
    assert acting.told_actions(asked, mended) == [
        "action 1 news: 2027-05-01 70 c → 2027-05-01 75 c"
    ]
    full = closed(replace(action, news=tuple(news(f"n{n}") for n in range(MOST_NEWS))))
    with pytest.raises(TooMuchNews):
        acting.with_news(full, 1, news("one more"))


def test_of_one_day_the_last_that_came_is_the_newest_and_a_typo_moves_nothing() -> None:
    asked = closed(replace(read_action(GIVEN, "fr"), id=1))
    for one in (news("Matni", DAY, "300"), news("Soir", DAY, "420")):
        asked = acting.with_news(asked, 1, one)
    assert asked.actions[0].amount == Decimal(420)
    mark = mark_of(news("Matni", DAY, "300"))
    mended = acting.with_news_corrected(asked, 1, mark, news("Matin", DAY, "300"))
    (action,) = mended.actions
    assert [one.text for one in action.news] == ["Matin", "Soir"]
    assert action.amount == Decimal(420)
    sheet = ActionSheet(action, Reporting(), DAY)
    assert [one.text for _, one in sheet.marked] == ["Soir", "Matin"]
    later = acting.with_news_corrected(
        mended, 1, mark_of(action.news[0]), news("Matin", NOW.date())
    )
    assert [one.text for one in later.actions[0].news] == ["Soir", "Matin"]


def test_what_is_changed_far_behind_or_withdrawn_can_be_read_in_the_trail() -> None:
    long = "Nous le ferons. " * 40
    old = replace(
        read_action({**GIVEN, "promise": f"{long}1000 personnes. {long[:199]}"}, "fr"), id=1
    )
    new = replace(old, promise=f"{long}100 personnes. {long[:199]}")
    (line,) = acting.told_actions(closed(old), closed(new))
    assert "ferons. 1000 personnes" in line
    assert "→ …" in line
    entry = replace(news("Cent jeunes. " * 70, said="0"), source="https://a.fr/" + "b" * 300)
    told = acting.told_actions(closed(replace(old, news=(entry,))), closed(old))
    assert max(map(len, told)) <= MOST_TEXT
    whole = "".join(line.split(": ", 1)[1] for line in told)
    assert whole == f"{entry.on} 0 {entry.text} {entry.source} → –"
    mended = replace(entry, text=f"{entry.text[:-1]}!", source="https://a.fr/c")
    told = acting.told_actions(
        closed(replace(old, news=(entry,))), closed(replace(old, news=(mended,)))
    )
    whole = "".join(line.split(": ", 1)[1] for line in told)
    assert entry.source in whole
    assert f"{mended.text} {mended.source}" in whole


def test_an_action_is_silent_six_months_after_its_last_news_unless_it_is_over() -> None:
    action = replace(read_action(GIVEN, "fr"), id=1, on=date(2027, 8, 31))
    assert not action.is_silent(date(2028, 2, 28))
    assert action.is_silent(date(2028, 2, 29))
    assert not replace(action, state=ActionState.KEPT).is_silent(date(2030, 1, 1))
    assert not replace(action, news=(news(on=date(2027, 9, 1)),)).is_silent(date(2028, 2, 29))


def test_a_link_drafts_within_bounds_and_only_while_it_is_the_one_of_now() -> None:
    desk = Reporting().linked("secret", 0)
    with pytest.raises(ReportLinkUnknown):
        desk.linked("another", 1).opened_by("secret")
    with pytest.raises(ReportLinkUnknown):
        desk.linked(None, 1).opened_by("")
    assert Reporting().linked(None, 5) == Reporting()  # nothing to end, as when it is ended twice
    for number in range(MOST_DRAFTS):
        desk = desk.opened_by("secret").drafted(news(f"n{number}"), 0)
    assert desk.drafted(news("n0"), 0) == desk  # the same again
    with pytest.raises(TooManyDrafts):
        desk.drafted(news("one more"), 0)
    desk = desk.redrafted(1, news("better"), 0)
    for _ in range(DRAFTS_AT_ONCE - MOST_DRAFTS - 1):
        desk = desk.redrafted(1, news(f"better still {desk.crowded_until}"), 0)
    with pytest.raises(SlowDown) as braked:
        desk.redrafted(1, news("too fast"), 0)
    assert braked.value.extra["wait"] == DRAFT_STEP
    assert desk.redrafted(1, news("later"), DRAFT_STEP).waiting[0].news.text == "later"


def test_a_draft_is_refused_with_a_word_as_it_was_read_and_old_words_go() -> None:
    desk = Reporting().drafted(news("a"), 1)
    version = desk.waiting[0].version
    with pytest.raises(ChangedMeanwhile):
        desk.redrafted(1, news("b"), 2).declined(1, version, "Pourquoi ?", 3)
    refused = desk.declined(1, version, "Pourquoi ?", 3)
    assert [one.refused for one in refused.drafts] == ["Pourquoi ?"]
    for deed in (refused.without, refused.waiting_one):
        with pytest.raises(DraftUnknown):
            deed(1)
    for number in range(2, MOST_REFUSED + 4):
        refused = refused.drafted(news(f"n{number}"), 0).declined(number, None, "Non.", number)
        refused = replace(refused, crowded_until=0)
    assert [one.number for one in refused.refused] == [*range(4, MOST_REFUSED + 4)]
    later = refused.drafted(news("waits"), 5).recent(REFUSED_FOR + 10)
    assert [one.number for one in later.refused] == [*range(10, MOST_REFUSED + 4)]
    assert [one.news.text for one in later.waiting] == ["waits"]
