"""How long a press takes until it is painted, by the browser's own count (INP), also on a slow phone.

A reader votes through a deck in an article, with nuances, menu and a proposal, in a Chromium as it
is and in one whose processor is slowed down four times. A button of the article's own, which adds
a figure to itself, shows what the machine takes for the least of presses. Durations count from
the press to the paint, in steps of 8 ms; those under 16 ms are not told. Budget: every kind under 50 ms.
"""

import statistics
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from urllib.parse import quote

from playwright.sync_api import Browser, Locator, Page, expect

from tests.bench.words import IDEA, TEXTS
from tests.browser import chromium, service
from tests.browser.reading import VOTES, Booth, booth_in

SLOWER = (1, 4)  # times; 4 as Lighthouse's phone
PHONE = {"width": 390, "height": 844}
LEAST = 16  # ms, the shortest duration that a browser tells
HELD = 80  # ms a finger stays down in a tap
PAUSE = 400  # ms a reader needs between two presses; what an answer paints is none of a press
ARTICLE = "article"
PRESS_ARTICLE = "<button id=own onclick='this.append(1)'>Lire</button>"
COUNT = """window.presses = [];
new PerformanceObserver((list) => {
  for (const { interactionId, duration, processingStart, processingEnd } of list.getEntries()) {
    if (interactionId) presses.push([interactionId, duration, processingEnd - processingStart]);
  }
}).observe({ type: "event", durationThreshold: 16, buffered: true });"""
TAKE = "() => presses.splice(0)"
COUNTED = "performance.interactionCount"


@dataclass
class Pressed:
    """All presses of one kind: how many, and what those took that were not too short to tell."""

    number: int = 0
    durations: list[float] = field(default_factory=list)
    scripts: list[float] = field(default_factory=list)

    @property
    def worst(self) -> float:
        return max(self.durations, default=LEAST)


Kinds = dict[str, Pressed]


class Watched:
    """One reading of an article; knows what each kind of press took."""

    def __init__(self, page: Page, booth: Booth, kinds: Kinds) -> None:
        self._page, self._booth, self._kinds = page, booth, kinds

    def press(self, kind: str, act: Callable[[], object]) -> None:
        """Do it, and charge this kind with the interactions that the browser counts for it."""
        frame = self._page.main_frame if kind == ARTICLE else self._booth.frame
        before = frame.evaluate(COUNTED)
        act()
        self._page.wait_for_timeout(PAUSE)
        told = self._kinds[kind]
        told.number += frame.evaluate(COUNTED) - before
        by_interaction: dict[int, list[tuple[float, float]]] = defaultdict(list)
        for number, duration, script in frame.evaluate(TAKE):
            by_interaction[number].append((duration, script))
        told.durations += [max(d for d, _ in found) for found in by_interaction.values()]
        told.scripts += [sum(s for _, s in found) for found in by_interaction.values()]

    def tap(self, kind: str, button: Locator) -> None:
        """Press with the bare mouse: the driver's own click looks for the button while it presses."""
        button.scroll_into_view_if_needed()
        box = button.bounding_box()
        assert box
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        self.press(kind, lambda: self._page.mouse.click(x, y, delay=HELD))

    def vote_through(self, cards: int) -> None:
        find = self._booth.find
        for number in range(cards):
            self._booth.screen("card")
            choice = VOTES[number % 3]
            expect(find(f".vote.{choice}")).to_be_enabled()
            self.tap("vote", find(f".vote.{choice}"))
            self._booth.counted()
            nuance = find(f".chips.{choice} label").first
            self.tap("nuance", nuance)
            self.tap("nuance", nuance)
            self.tap("other vote", find(f".row.{VOTES[(number + 1) % 3]}"))
            self.tap(ARTICLE, self._page.locator("#own"))
            expect(find(".result .next")).to_be_enabled()
            self.tap("next", find(".result .next"))
            if find(".invite").is_visible():
                self.tap("leave", find(".invite .leave"))

    def look_around(self) -> None:
        find = self._booth.find
        self.tap("back", find(".go[value='-1']"))
        self.tap("menu", find("a.menu"))
        find(".sheet").wait_for()
        self.tap("propose", find(".sheet .propose"))
        find("#p-text").wait_for()
        self.press("write", lambda: find("#p-text").press_sequentially(IDEA, delay=HELD))
        self.tap("leave", find(".form .leave"))
        self.tap("menu", find("a.menu"))
        find(".sheet").wait_for()
        self.tap("leave", find("a.menu"))


def run(rounds: int = 3, cards: int = 12, slower: tuple[int, ...] = SLOWER) -> None:
    """Print INP and the worst of each kind; `rounds` readers on each processor, in turns."""
    # The driver cannot be started twice in one thread, and the tests have one running.
    with ThreadPoolExecutor(1) as own:
        own.submit(_run, rounds, cards, slower).result()


def _run(rounds: int, cards: int, slower: tuple[int, ...]) -> None:
    kinds: dict[int, Kinds] = {times: defaultdict(Pressed) for times in slower}
    inps: dict[int, list[float]] = defaultdict(list)
    with service.running() as live, chromium.browser() as browser:
        print(f"  Chromium {browser.version}")
        for _ in range(rounds):
            for times in slower:
                slug = live.open(TEXTS, proposing=True)
                address = live.page(f"/script/{slug}?put={quote(PRESS_ARTICLE)}")
                mine = _read(browser, address, cards, times)
                inps[times].append(_inp([p for kind, p in mine.items() if kind != ARTICLE]))
                for kind, pressed in mine.items():
                    _add(kinds[times][kind], pressed)
    for times in slower:
        print(f"  processor slowed down {times} times")
        print(_table(kinds[times]))
        each = ", ".join(f"{inp:.0f}" for inp in inps[times])
        print(f"  INP of the booth: {statistics.median(inps[times]):.0f} ms (readers: {each})")
        print(f"  INP of the article around it: {_inp([kinds[times][ARTICLE]]):.0f} ms")


def _read(browser: Browser, address: str, cards: int, times: int) -> Kinds:
    context = browser.new_context(viewport=PHONE, locale="fr-FR")
    context.add_init_script(COUNT)
    page = context.new_page()
    page.goto(address)
    booth = booth_in(page)
    # The frame is on another site than the article, so it has a process of its own.
    for target in (page, booth.frame):
        session = context.new_cdp_session(target)
        session.send("Emulation.setCPUThrottlingRate", {"rate": times})
    kinds: Kinds = defaultdict(Pressed)
    watched = Watched(page, booth, kinds)
    watched.vote_through(cards)
    watched.look_around()
    context.close()
    return kinds


def _inp(pressed: list[Pressed]) -> float:
    """Return the worst but one for every fifty interactions, as INP is defined."""
    durations = sorted((d for p in pressed for d in p.durations), reverse=True)
    forgiven = sum(p.number for p in pressed) // 50
    return durations[forgiven] if forgiven < len(durations) else LEAST


def _add(kind: Pressed, more: Pressed) -> None:
    kind.number += more.number
    kind.durations += more.durations
    kind.scripts += more.scripts


def _table(kinds: Kinds) -> str:
    lines = [f"  {'':12}{'presses':>8}{'told':>6}{'median':>8}{'worst ms':>10}{'of it script':>14}"]
    for kind, pressed in kinds.items():
        shorter = [LEAST] * (pressed.number - len(pressed.durations))
        median = statistics.median([*pressed.durations, *shorter] or [0])
        script = max(pressed.scripts, default=0)
        lines.append(
            f"  {kind:12}{pressed.number:8}{len(pressed.durations):6}{median:8.0f}"
            f"{pressed.worst:10.0f}{script:14.0f}"
        )
    return "\n".join(lines)
