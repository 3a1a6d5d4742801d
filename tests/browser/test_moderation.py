"""Moderation in a real browser: a hundred proposals by keyboard, two at once, one thumb, no script."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from statistics import median

import pytest
from playwright.sync_api import Browser, Page, expect

from server.consultations.consultation import Consultation
from server.consultations.moderation import Act, refuse
from server.consultations.proposing import Draft, RefusalReason
from server.staff.moderation_pages import REASON_KEYS
from server.staff.roles import Role
from tests.browser.reading import Reader
from tests.browser.service import Service, until
from tests.browser.test_axe import faults
from tests.browser.test_staff_console import OVERFLOW, SMALL, link

LIST = files("tests.browser") / "readers_proposals.txt"
LINES = [
    line.split("\t")
    for line in LIST.read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]
REASONS = {letter: reason for reason, letter in REASON_KEYS.items()}
PAGES = ("", "/{}", "/published?q=faut", "/second", "/agreement", "/charter", "/batch")
BOTTOM = "it => innerHeight - it.getBoundingClientRect().bottom"


@dataclass
class Desk:
    """A consultation of its own with proposals that wait, and moderators of it alone."""

    live: Service
    consultation: Consultation
    numbers: dict[str, int]

    def moderator(self, browser: Browser, name: str, **options: object) -> "Moderator":
        context = browser.new_context(
            **{"locale": "fr-FR", "viewport": {"width": 1280, "height": 900}, **options}  # type: ignore[arg-type]
        )
        page = Reader(context).open(link(self.live, name, Role.MODERATOR))
        if options.get("java_script_enabled", True) is False:
            page.locator("#link").fill(link(self.live, name, Role.MODERATOR))
        page.locator("main button").click()
        page.wait_for_url(f"{self.live.url}/staff")
        page.goto(f"{self.live.url}/staff/moderation?consultation={self.consultation.slug}")
        return Moderator(page)

    def decision(self, number: int) -> tuple[Act, str | None] | None:
        found = self.live.store.moderation.decisions.of(self.consultation, [number])
        return (found[number].act, found[number].reason) if number in found else None

    def published(self) -> set[int]:
        every = self.live.store.consultations.proposals(self.consultation)
        return {one.id for one in every if one.state == "accepted"}


@dataclass
class Moderator:
    page: Page

    def number(self) -> int:
        """Wait until a sheet is there; return its proposal's number."""
        shown = self.page.locator("[data-sheet]").get_attribute("data-sheet")
        return int((shown or "").split(":")[1])

    def text(self) -> str:
        return self.page.locator("[data-sheet] h2").inner_text()

    def press(self, keys: str) -> int:
        """Press keys; return how many that were."""
        for key in keys:
            self.page.keyboard.press(key)
        return len(keys)

    def others(self) -> list[tuple[int, str]]:
        """Return the number and the text of each that is judged with the one shown."""
        found = self.page.locator("fieldset.alike label")
        return [
            (int((each.locator("input").get_attribute("value") or "").split(":")[0]),
             each.locator(".said").inner_text())
            for each in found.all()
        ]  # fmt: skip


def desk(live: Service, texts: list[str]) -> Desk:
    slug = live.open(["Il faut commencer quelque part."])
    found = live.store.consultations.by_slug(slug)
    numbers = {}
    for place, text in enumerate(texts):
        draft = Draft(text, "fr", "Awa" if place % 3 else None, 41)
        made = live.store.proposing.propose(found, f"author-{place}", draft, place, place)
        numbers[text] = made.proposal.id
    return Desk(live, found, numbers)


@pytest.fixture(scope="module")
def two(live: Service, browser: Browser) -> Iterator[tuple[Desk, Moderator, Moderator]]:
    """A desk at which Nora and Paul sit, each in a browser of their own."""
    made = desk(live, [text for keys, text in LINES if keys == "a"][:60:4])
    nora, paul = made.moderator(browser, "Nora"), made.moderator(browser, "Paul")
    yield made, nora, paul
    for one in (nora, paul):
        one.page.context.close()


def test_a_hundred_proposals_are_cleared_by_keyboard(live: Service, browser: Browser) -> None:
    wanted = {text: keys for keys, text in LINES}
    made = desk(live, [text for _, text in LINES])
    assert len(made.numbers) == 100
    awa = made.moderator(browser, "Awa Keys")
    presses: dict[int, int] = {}
    expected: dict[int, tuple[Act, str | None]] = {}
    while True:
        number, text = awa.number(), awa.text()
        assert number not in expected, text
        keys, pressed = wanted[text], 0
        together = []
        for other, said in awa.others():
            if wanted[said] == keys:
                together.append(other)
            else:  # only looks alike: left out, which costs a press
                awa.page.locator(f"input[value^='{other}:']").press("Space")
                pressed += 1
        pressed += awa.press(keys)
        act = Act.ACCEPT if keys == "a" else Act.REFUSE
        expected[number] = (act, None if keys == "a" else REASONS[keys[-1]])
        for other in together:
            expected[other] = (Act.MERGE, "duplicate") if keys == "a" else expected[number]
        for one in (number, *together):
            presses[one] = pressed
        expect(awa.page.locator(f"[data-sheet$=':{number}']")).to_have_count(0)
        awa.page.locator("[data-sheet], [data-empty]:not([hidden])").first.wait_for()
        if awa.page.locator("[data-sheet]").count() == 0:
            break
    expect(awa.page.locator("[data-empty]")).to_be_visible()
    assert len(expected) == 100
    until(lambda: all(made.decision(number) == done for number, done in expected.items()))
    assert median(presses.values()) <= 1.5, presses
    assert max(presses.values()) <= 3
    awa.page.context.close()


def test_two_never_get_the_same_and_the_second_is_shown_the_first(
    two: tuple[Desk, Moderator, Moderator],
) -> None:
    made, nora, paul = two
    seen: dict[str, set[int]] = {"nora": set(), "paul": set()}
    for _ in range(3):
        for name, who in (("nora", nora), ("paul", paul)):
            number = who.number()
            seen[name].add(number)
            who.press("a")
            expect(who.page.locator(f"[data-sheet$=':{number}']")).to_have_count(0)
    assert not seen["nora"] & seen["paul"]
    # Paul is quicker on the very one that Nora reads.
    number = nora.number()
    before = paul.page.url
    paul.page.goto(f"{made.live.url}/staff/moderation?proposal={made.consultation.slug}:{number}")
    expect(paul.page.locator(".note")).to_contain_text("Nora la regarde en ce moment")
    paul.press("1")
    until(lambda: made.decision(number) == (Act.REFUSE, "off-topic"))
    nora.press("a")
    fault = nora.page.locator("[data-objection]")
    expect(fault).to_contain_text("Refusée (hors sujet), par Paul à")
    assert nora.number() == number
    nora.press("a")  # there is nothing to decide any more
    nora.press("j")
    expect(fault).to_be_hidden()
    assert nora.number() != number
    assert made.decision(number) == (Act.REFUSE, "off-topic")
    paul.page.goto(before)


def test_undone_within_ten_seconds_nothing_is_published(
    two: tuple[Desk, Moderator, Moderator],
) -> None:
    made, nora, _ = two
    number = nora.number()
    nora.press("a")
    line = nora.page.locator("[data-line]").first
    expect(line).to_contain_text("Acceptée")
    expect(nora.page.locator("[data-told]")).to_have_text("Acceptée. Dix secondes pour annuler.")
    until(lambda: made.decision(number) == (Act.ACCEPT, None))
    nora.press("u")
    until(lambda: made.decision(number) == (Act.UNDO, None))
    expect(nora.page.locator(f"[data-sheet$=':{number}']")).to_be_visible()
    assert made.live.store.moderation.decisions.held(made.consultation) == () or (
        number
        not in {d.proposal for d in made.live.store.moderation.decisions.held(made.consultation)}
    )
    assert number not in made.published()


def test_an_old_undo_tells_what_a_colleague_decided_since(
    two: tuple[Desk, Moderator, Moderator],
) -> None:
    made, nora, _ = two
    number = nora.number()
    nora.press("a")
    until(lambda: made.decision(number) == (Act.ACCEPT, None))
    decisions = made.live.store.moderation.decisions
    act = decisions.of(made.consultation, [number])[number].id
    decisions.undo(made.consultation, "Paul", act, [number])
    decisions.decide(made.consultation, "Paul", [refuse(number, RefusalReason.LEGAL)])
    nora.press("u")
    fault = nora.page.locator("[data-objection]")
    expect(fault).to_contain_text("a été décidée à nouveau depuis\u202f: Refusée")
    assert made.decision(number) == (Act.REFUSE, "legal")


def test_keys_write_in_fields_and_can_be_turned_off(
    two: tuple[Desk, Moderator, Moderator],
) -> None:
    made, nora, _ = two
    number = nora.number()
    nora.press("e")
    field = nora.page.locator("textarea")
    expect(field).to_be_focused()
    nora.press("aru?")
    expect(field).to_have_value(f"{nora.text()}aru?")
    nora.page.keyboard.press("Escape")
    nora.page.keyboard.press("Control+a")
    nora.press("?")
    expect(nora.page.locator("dialog")).to_be_visible()
    nora.press("a")  # not under an opened list
    nora.page.keyboard.press("Escape")
    nora.page.locator("[data-keys-off]").click()
    nora.press("a1")
    assert nora.number() == number
    nora.page.locator("[data-keys-off]").click()
    field.evaluate("it => { it.value = it.defaultValue }")
    nora.press("jk")
    assert nora.number() == number
    assert made.decision(number) in (None, (Act.UNDO, None))


def test_an_edit_that_breaks_the_rules_comes_back_with_what_was_typed(
    two: tuple[Desk, Moderator, Moderator],
) -> None:
    made, nora, _ = two
    number = nora.number()
    nora.press("e")
    nora.page.locator("textarea").fill("Trop court")
    nora.page.keyboard.press("Enter")
    expect(nora.page.locator("[data-objection]")).to_contain_text("Le texte est trop court.")
    expect(nora.page.locator("textarea")).to_have_value("Trop court")
    nora.page.locator("textarea").fill("Il faut un texte mieux écrit.")
    nora.page.keyboard.press("Enter")
    until(lambda: made.decision(number) == (Act.ACCEPT, None))


def test_what_the_service_does_not_answer_is_shown_again(
    two: tuple[Desk, Moderator, Moderator],
) -> None:
    made, nora, _ = two
    number = nora.number()
    nora.page.route("**/proposals/*", lambda route: route.abort())
    nora.press("a")
    expect(nora.page.locator("[data-objection]")).to_contain_text("rien n’est décidé")
    assert nora.number() == number
    nora.page.unroute("**/proposals/*")
    nora.press("a")
    until(lambda: made.decision(number) == (Act.ACCEPT, None))


@pytest.mark.parametrize(
    ("theme", "locale", "paths"), [("light", "fr-FR", PAGES), ("dark", "en-GB", PAGES[:2])]
)
def test_one_thumb_does_it_on_a_phone(
    live: Service, browser: Browser, theme: str, locale: str, paths: tuple[str, ...]
) -> None:
    wanted = [text for _, text in LINES[:13]]
    made = desk(live, wanted)
    phone = {"width": 390, "height": 844}
    awa = made.moderator(
        browser, f"Awa {theme}", viewport=phone, has_touch=True, is_mobile=True,
        color_scheme=theme, locale=locale,
    )  # fmt: skip
    found: list[object] = []
    accept = awa.page.locator(".acts > .main")
    assert accept.evaluate(BOTTOM) < 120
    assert awa.page.locator(".acts summary").evaluate(BOTTOM) < 120
    number = awa.number()
    accept.tap()
    expect(awa.page.locator(f"[data-sheet$=':{number}']")).to_have_count(0)
    bar = awa.page.locator(".held button")
    assert accept.evaluate(BOTTOM) < bar.first.evaluate(BOTTOM) < 200
    until(lambda: made.decision(number) == (Act.ACCEPT, None))
    number = awa.number()
    awa.page.locator(".acts summary").tap()
    reason = awa.page.locator("button[value='off-topic']")
    assert reason.evaluate(BOTTOM) < 700
    found += [("open", it) for it in awa.page.evaluate(SMALL)]
    reason.tap()
    until(lambda: made.decision(number) == (Act.REFUSE, "off-topic"))
    for pattern in paths:
        path = pattern.format(f"{made.consultation.slug}/proposals/{number}")
        awa.page.goto(f"{live.url}/staff/moderation{path}")
        found += [(path, fault) for fault in faults(awa.page, whole=True)]
        found += [(path, "small", it) for it in awa.page.evaluate(SMALL)]
        if awa.page.evaluate(OVERFLOW):
            found.append((path, "wider than the screen"))
    awa.page.context.close()
    assert found == []


def test_without_script_every_act_is_a_form(live: Service, browser: Browser) -> None:
    made = desk(live, [text for _, text in LINES[:4]])
    awa = made.moderator(browser, "Awa Formulaire", java_script_enabled=False)
    first = awa.number()
    awa.page.locator(".acts > .main").click()
    assert made.decision(first) == (Act.ACCEPT, None)
    awa.page.locator("[data-line] button").first.click()
    assert made.decision(first) == (Act.UNDO, None)
    assert awa.number() == first
    awa.page.locator(".refuse summary").click()
    awa.page.locator("button[value='unclear']").click()
    assert made.decision(first) == (Act.REFUSE, "unclear")
    second = awa.number()
    awa.page.locator("[data-skip]").click()
    assert awa.number() not in (first, second)
    awa.page.context.close()
