"""A claim: the right to recount all boxes of a consultation, as one generation of each.

A box is claimed, cleared of the shadows that a recount which died has left, and then counts. A
later claim takes over at once. One that is not renewed runs out, so that the dead cost nothing.
"""

import time
from collections import defaultdict
from collections.abc import Iterator

from server.consultations.consultation import Consultation
from server.store import keys, scripts
from server.store.connection import Client, primaries
from server.store.keys import Box

LIFE = 60_000  # milliseconds that a claim lives
RENEWAL = 10.0  # seconds between two renewals
PAGE = 500  # keys that a server looks at in one step

Page = dict[Box, list[str]]  # what follows the name in the keys found


class Interrupted(Exception):
    """A server may have lost part of what was counted. The message says why."""


class Claim:
    """`numbers` are the generations by box, `histories` the replication ids of their servers.

    A server that has lost data, or has taken over from another, has another replication id.
    """

    def __init__(self, client: Client, consultation: Consultation, page: int = PAGE) -> None:
        self.numbers: dict[Box, int] = {}
        self.histories: dict[Box, str] = {}
        self.boxes = keys.boxes(consultation.id, consultation.boxes)
        self._redis = client
        self._consultation = consultation.id
        self._page = page
        self._counting = False
        self._renewed = 0.0  # monotonic seconds
        self._begin = scripts.load(client, "begin_recount")
        self._turn = scripts.load(client, "turn_recount")
        self._clear = scripts.load(client, "clear_shadows")
        self._release = scripts.load(client, "release_lease")

    def begin(self) -> None:
        """Claim every box, clear old shadows, and let scripts write new ones."""
        for box in self.boxes:
            self.numbers[box] = int(self._begin(keys=[box.recount, box.generation], args=[LIFE]))
        self._renewed = time.monotonic()
        self._clear_all()
        for box, number in self.numbers.items():
            self.histories[box] = self._turn(keys=[box.recount], args=[-number, number, LIFE])
        self._counting = True

    def confirm(self) -> None:
        """Renew; raise `Interrupted` if a server is not the one that has begun to count."""
        self._renewed = time.monotonic()
        for box, number in self.numbers.items():
            value = number if self._counting else -number
            history = self._turn(keys=[box.recount], args=[value, value, LIFE])
            if self._counting and self.histories[box] != history:
                raise Interrupted("a server was restarted or replaced")

    def end(self) -> None:
        """Give every box back, its shadows cleared."""
        self._counting = False
        for box, number in self.numbers.items():
            self._turn(keys=[box.recount], args=[number, -number, LIFE])
        self._clear_all()
        for box, number in self.numbers.items():
            self._release(keys=[box.recount], args=[-number])

    def pages(self, name: str) -> Iterator[tuple[Client, Page]]:
        """Yield the keys called `name`, page by page, with the server that has them.

        Each server is passed once, for all boxes. A key that is there all the while is met, if
        the claim is still good in the end; perhaps twice.
        """
        match = keys.pattern(self._consultation, name)
        for node in primaries(self._redis):
            cursor = None
            while cursor != 0:
                cursor, found = node.scan(cursor or 0, match=match, count=self._page)
                if time.monotonic() - self._renewed > RENEWAL:
                    self.confirm()
                yield node, self._by_box(found)

    def _by_box(self, found: list[str]) -> Page:
        page: Page = defaultdict(list)
        for number, name in map(keys.parse, found):
            page[self.boxes[number]].append(name)
        return page

    def _clear_all(self) -> None:
        """Clear every shadow there is: while a box is claimed and not counting, none is made."""
        for box, number in self.numbers.items():
            self._clear(keys=[box.recount, box.shadow_voters], args=[-number])
        for _, page in self.pages("shadow"):
            for box, names in page.items():
                shadows = [box.shadow(int(name)) for name in names]
                self._clear(keys=[box.recount, *shadows], args=[-self.numbers[box]])
