"""Similar proposals: which of many say nearly the same, found by the words that they share.

Words are cut to their stems and weighed by how rare they are; the few candidates that share most
are compared letter by letter. Languages written without spaces are cut into pairs of letters.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from heapq import nlargest
from math import log

from rapidfuzz import fuzz

ALIKE = 0.57  # from here on two are shown as similar; docs/staff/deciding.md says how often rightly
STEM = 5  # letters; “planter”, “plantons” and “plantation” begin alike
LIKELY = 100  # that share the most words, and are weighed
CANDIDATES = 24  # of those, that are compared letter by letter
STEPS = 200  # texts taken in by one step
READ = 4000  # proposals looked through for one word, at most
WORD = re.compile(r"[^\W_]+")
ACCENT = re.compile("[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670]")
UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")

# Words that say nothing of what a proposal is about, cut to their stems: articles, pronouns,
# prepositions, auxiliaries, and what proposals begin with.
EMPTY = frozenset(
    """
    le la les un une des du de d l et ou en au aux a dans sur pour par avec sans que qui qu ce cet
    cette ces se s son sa ses leur leurs on nous vous ils elle elles il je y ne n pas plus tout tous
    toute toute est sont etre avoir faire fait faut faudr doit devra doive devri ainsi aussi comme
    the an and or of to in on for by with without that which this these those is are be been have
    has it its we you they i not more all must shoul shall will can there
    der die das ein eine einen und oder von zu im in am auf fur mit ohne dass wir sie er es ist sind
    nicht mehr alle muss musse man soll solle werde
    el los las una unos y o del al en por con sin que hay debe debem deber se su sus no mas todos
    il lo gli uno e di da nel nella per con senza che bisog deve si non piu tutti occor
    os as um uma do da dos das no na nos nas com sem e preci devem nao mais todos
    het een en of van te op voor met zonder dat wij ze zij is zijn niet meer alle moet moete
    """.split()  # noqa: SIM905 - for people to read
)


@dataclass(frozen=True)
class Match:
    """A proposal that says nearly the same. `likeness` is from 0 to 1."""

    proposal: int
    likeness: float


@dataclass(frozen=True)
class _Known:
    features: frozenset[str]
    bare: str


class Similar:
    """An index of texts by number. One look takes a few milliseconds among tens of thousands."""

    def __init__(self) -> None:
        self._known: dict[int, _Known] = {}
        self._texts: dict[int, str] = {}
        self._with: dict[str, dict[int, None]] = {}  # feature -> the numbers of those that have it

    def __len__(self) -> int:
        return len(self._known)

    def add(self, number: int, text: str) -> None:
        """Take in a text, in place of another one of that number."""
        if self._texts.get(number) == text:
            return
        self.remove(number)
        known = _read(text)
        self._texts[number], self._known[number] = text, known
        for feature in known.features:
            self._with.setdefault(feature, {})[number] = None

    def remove(self, number: int) -> None:
        known = self._known.pop(number, None)
        self._texts.pop(number, None)
        for feature in known.features if known else ():
            self._with[feature].pop(number, None)
            if not self._with[feature]:
                del self._with[feature]

    def change(self, texts: Mapping[int, str]) -> None:
        """Make the index hold these texts and no others."""
        for _ in self.changes(texts):
            pass

    def changes(self, texts: Mapping[int, str]) -> Iterator[None]:
        """Do the same a step at a time, for a process that has something else to do meanwhile."""
        gone = [number for number in self._texts if number not in texts]
        new = [n for n, text in texts.items() if self._texts.get(n) != text]
        for done, number in enumerate(gone + new, 1):
            if number in texts:
                self.add(number, texts[number])
            else:
                self.remove(number)
            if done % STEPS == 0:
                yield

    def find(self, text: str, most: int = 3, alike: float = ALIKE) -> list[Match]:
        """Return the proposals most like a text, the most alike first."""
        wanted = _read(text)
        found = [
            Match(number, self._likeness(wanted, self._known[number]))
            for number in self._candidates(wanted.features)
        ]
        near = (match for match in found if match.likeness >= alike)
        return sorted(near, key=lambda match: (-match.likeness, match.proposal))[:most]

    def _candidates(self, wanted: frozenset[str]) -> list[int]:
        """Return those that share the most, by the rarest words first."""
        shared: Counter[int] = Counter()
        for feature in sorted(wanted, key=lambda one: len(self._with.get(one, ()))):
            numbers = self._with.get(feature, {})
            if len(numbers) > READ and shared:
                break  # a word of everybody's finds nothing that a rarer one has not
            shared.update(numbers.keys())
        likely = [number for number, _ in shared.most_common(LIKELY)]
        # Of two that share as much, the one with fewer other words is nearer.
        return nlargest(CANDIDATES, likely, key=lambda number: self._overlap(wanted, number))

    def _overlap(self, wanted: frozenset[str], number: int) -> float:
        theirs = self._known[number].features
        return self._sum(wanted & theirs) / (4 + len(theirs))

    def _likeness(self, wanted: _Known, known: _Known) -> float:
        both = self._sum(wanted.features & known.features)
        every = self._sum(wanted.features | known.features)
        words = both / every if every else 0.0
        spelt = fuzz.token_sort_ratio(wanted.bare, known.bare) / 100
        return max(0.5 * words + 0.5 * spelt, words)

    def _sum(self, some: Iterable[str]) -> float:
        return sum(map(self._weight, some))

    def _weight(self, feature: str) -> float:
        return _weight(len(self._known) // (1 + len(self._with.get(feature, ()))))


def groups(texts: Mapping[int, str], alike: float = ALIKE) -> list[list[int]]:
    """Return those of several texts that say nearly the same, each group led by its first.

    Every member is like the first one, so that one act can settle all.
    """
    index, led_by = Similar(), dict[int, list[int]]()
    for number, text in texts.items():
        nearest = index.find(text, most=1, alike=alike)
        if nearest:
            led_by[nearest[0].proposal].append(number)
        else:
            led_by[number] = [number]
            index.add(number, text)
    return [members for members in led_by.values() if len(members) > 1]


def _read(text: str) -> _Known:
    """Return the stems and words of a text that say something; all, if they all say nothing."""
    words = WORD.findall(folded(text))
    telling = [word for word in words if word[:STEM] not in EMPTY] or words
    return _Known(frozenset(s for word in telling for s in _stems(word)), " ".join(telling))


def folded(text: str) -> str:
    """Return it without capitals and accents."""
    return ACCENT.sub("", unicodedata.normalize("NFKD", text.casefold()))


@cache
def _weight(share: int) -> float:
    return log(2 + share)


def _stems(word: str) -> list[str]:
    if not UNSPACED.search(word):
        return [word[:STEM]]
    return [word[i : i + 2] for i in range(max(1, len(word) - 1))]
