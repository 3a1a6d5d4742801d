"""What the server has to allow: the operators' page says it, and no more is needed."""

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from server.consultations.errors import PurgeIncomplete
from server.store.store import Store, open_store
from tests.purge.conftest import House

PAGE = Path("docs/operators/cluster.md").read_text("utf-8")
VOTING, MORE = re.findall(r"^ACL SETUSER (isoloir .+)$", PAGE, re.MULTILINE)


@contextmanager
def as_ours(house: House, *rights: str) -> Iterator[Store]:
    """Give the store as our user with these rights sees it."""
    for line in rights:
        house.store.redis.execute_command("ACL", "SETUSER", *line.split())
    url = house.server.url.replace("unix://", "unix://isoloir:password@")
    with closing(open_store(url)) as ours:
        yield ours


def test_a_user_who_may_only_vote_is_told_what_the_server_refuses(house: House) -> None:
    with (
        as_ours(house, VOTING) as ours,
        pytest.raises(PurgeIncomplete, match=r"refuses: .*bgrewriteaof"),
    ):
        ours.purge.run(house.consultation, house.over())


def test_with_the_second_line_ballots_are_destroyed(house: House) -> None:
    with as_ours(house, VOTING, MORE) as ours:
        ours.purge.run(house.consultation, house.over())
    assert house.left() == set()
