"""Members of staff, links that sign in once, sessions, tokens, and the trail, on a real store."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from server.consultations import moderation
from server.consultations.errors import (
    ChangedMeanwhile,
    LinkInvalid,
    MemberRefused,
    MemberUnknown,
    StaffTokenUnknown,
)
from server.staff import bearer, members, secrets
from server.staff.acts import OPERATOR, Act, Way
from server.staff.members import Member, member
from server.staff.roles import Permission, Role
from server.store import decisions, index, keys, staff
from server.store.store import Store
from tests.conftest import all_keys

NOW = datetime.now(UTC).replace(microsecond=0)
ACT = Act(OPERATOR, Way.COMMAND, "test")
AWA = member("Awa Diop", Role.MODERATOR, NOW, ["reinventer-le-travail"])
LEA = member("Léa", Role.ANALYST, NOW)


def signed_in(store: Store, who: Member = AWA) -> str:
    """Invite and sign in; return the session's secret."""
    return store.staff.sign_in(store.staff.invite(who, ACT).secret, "fr")[0]


def made_token(store: Store, who: Member = AWA, *scopes: Permission) -> str:
    secret = secrets.TOKEN_PREFIX + secrets.draw()
    handle = secrets.digest(secret)[: secrets.HANDLE]
    asked = scopes or (Permission.OVERVIEW,)
    made = bearer.token(handle, who, "board", asked, NOW, NOW + timedelta(days=9))
    store.staff.add_token(made, secret, ACT)
    return secret


def sign_in_and_make_a_token(store: Store) -> None:
    signed_in(store)
    store.staff.invite(AWA, ACT)
    store.staff.use_token(made_token(store), NOW.date())


def test_a_link_signs_in_once_and_tells_who_it_is(store: Store) -> None:
    link = store.staff.invite(AWA, ACT)
    assert timedelta(minutes=14) < link.ends - datetime.now(UTC) <= timedelta(minutes=15)
    secret, who = store.staff.sign_in(link.secret, "en")
    assert who == AWA
    found = store.staff.session(secret)
    assert found
    assert (found.member, found.language) == (AWA, "en")
    with pytest.raises(LinkInvalid):
        store.staff.sign_in(link.secret, "en")


def test_of_fifty_at_once_with_one_link_exactly_one_signs_in(store: Store) -> None:
    link = store.staff.invite(AWA, ACT)

    def attempt(_: int) -> bool:
        try:
            store.staff.sign_in(link.secret, "fr")
        except LinkInvalid:
            return False
        return True

    with ThreadPoolExecutor(50) as threads:
        assert sum(threads.map(attempt, range(50))) == 1


def test_a_renewed_invitation_replaces_the_older_link_and_keeps_sessions(store: Store) -> None:
    old = store.staff.invite(AWA, ACT)
    session = signed_in(store)
    new = store.staff.invite(AWA, ACT)
    with pytest.raises(LinkInvalid):
        store.staff.sign_in(old.secret, "fr")
    assert store.staff.session(session)
    assert store.staff.sign_in(new.secret, "fr")


def test_a_link_is_over_after_its_time(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staff, "LINK_LIVES", 0)
    link = store.staff.invite(AWA, ACT)
    with pytest.raises(LinkInvalid):
        store.staff.sign_in(link.secret, "fr")


def test_no_secret_is_kept(store: Store) -> None:
    link = store.staff.invite(AWA, ACT)
    session = signed_in(store)
    token = made_token(store)
    kept = [*all_keys(store), *store.redis.hgetall(keys.STAFF_LINKS)]
    kept += [*store.redis.hgetall(keys.STAFF_TOKENS), *store.redis.lrange(keys.STAFF_ACTS, 0, -1)]
    for secret in (link.secret, session, token):
        assert not any(secret in text for text in kept)
    assert keys.staff_session(hashlib.sha256(session.encode()).hexdigest()) in kept


def test_a_session_ends_idle_and_however_busy(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = signed_in(store)
    key = keys.staff_session(secrets.digest(session))
    assert 0 < store.redis.pttl(key) <= staff.IDLE
    store.redis.pexpire(key, 600_000)
    store.staff.session(session, alive=False)
    assert store.redis.pttl(key) <= 600_000  # a page that renews itself is no sign of life
    store.staff.session(session)
    assert store.redis.pttl(key) > 600_000
    monkeypatch.setattr(staff, "LONGEST", 0)
    assert store.staff.session(session) is None
    assert not store.redis.exists(key)


def test_a_busy_session_is_written_once_a_minute_at_most(store: Store) -> None:
    session = signed_in(store)
    key = keys.staff_session(secrets.digest(session))
    store.redis.pexpire(key, staff.IDLE - 30_000)
    store.staff.session(session)
    assert store.redis.pttl(key) <= staff.IDLE - 30_000


def test_the_absolute_end_bounds_the_idle_one(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = signed_in(store)
    monkeypatch.setattr(staff, "LONGEST", 300_000)
    store.staff.session(session)
    assert store.redis.pttl(keys.staff_session(secrets.digest(session))) <= 300_000


def test_whoever_is_removed_is_out_at_once(store: Store) -> None:
    session, token = signed_in(store), made_token(store)
    link = store.staff.invite(AWA, ACT)
    store.staff.remove(AWA.id, ACT)
    assert store.staff.session(session) is None
    assert store.staff.use_token(token, NOW.date()) is None
    assert store.staff.tokens() == store.staff.members() == ()
    with pytest.raises(LinkInvalid):
        store.staff.sign_in(link.secret, "fr")
    with pytest.raises(MemberUnknown):
        store.staff.remove(AWA.id, ACT)
    # Who is invited anew begins anew.
    again = signed_in(store)
    assert store.staff.session(again)
    assert store.staff.session(session) is None


def test_signing_out_everywhere_ends_every_session_and_no_token(store: Store) -> None:
    sessions, token = [signed_in(store), signed_in(store)], made_token(store)
    store.staff.sign_out_everywhere(AWA.id, ACT)
    assert [store.staff.session(one) for one in sessions] == [None, None]
    assert store.staff.use_token(token, NOW.date())


def test_signing_out_everywhere_ends_an_unused_link_of_theirs_alone(store: Store) -> None:
    """Whoever has the link may be the reason to sign out."""
    signed_in(store)
    link, other = store.staff.invite(AWA, ACT), store.staff.invite(LEA, ACT)
    store.staff.sign_out_everywhere(AWA.id, ACT)
    with pytest.raises(LinkInvalid):
        store.staff.sign_in(link.secret, "fr")
    assert store.staff.sign_in(other.secret, "fr")
    assert store.staff.sign_in(store.staff.invite(AWA, ACT).secret, "fr")


def test_a_change_of_role_leaves_the_link_that_was_just_sent(store: Store) -> None:
    link = store.staff.invite(AWA, ACT)
    store.staff.change(replace(AWA, role=Role.ANALYST), ACT)
    assert store.staff.sign_in(link.secret, "fr")[1].role is Role.ANALYST


@pytest.mark.parametrize(
    "name",
    [
        "operator",
        "  OPERATOR ",
        "Oper\u200bator",
        "ｏｐｅｒａｔｏｒ",
        "opérator",
        "oper ator",
        "oper-ator.",
        "\u043eperator",
        "Exploitation",
        "teller",
    ],
)
def test_nobody_is_called_what_the_trail_calls_the_command_line(name: str) -> None:
    """Nor anything that reads like it: the trail would not tell them apart."""
    with pytest.raises(MemberRefused) as refused:
        member(name, Role.MODERATOR, NOW)
    assert refused.value.field == "name"
    assert member("Opératrice Léa", Role.MODERATOR, NOW)


def test_every_word_that_the_console_shows_for_the_command_line_is_reserved() -> None:
    for path in sorted(Path("server/staff/messages").glob("*.json")):
        with pytest.raises(MemberRefused):
            member(json.loads(path.read_text("utf-8"))["acts.operator"], Role.ADMIN, NOW)
    assert {moderation.OPERATOR, decisions.TELLER, index.INDEXER} <= members.RESERVED


def test_a_change_of_role_counts_in_sessions_and_tokens_at_once(store: Store) -> None:
    session, token = signed_in(store), made_token(store, AWA, Permission.DECIDE)
    store.staff.change(replace(AWA, role=Role.ANALYST), ACT)
    found = store.staff.session(session)
    assert found
    assert found.member.role is Role.ANALYST
    used = store.staff.use_token(token, NOW.date())
    assert used
    assert used[0].allows(used[1]) == frozenset()


def test_of_two_who_change_a_member_at_once_one_is_told(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between reading and writing somebody else removes the member: nobody comes back to life."""
    signed_in(store)
    usual = store.staff._call

    def slowly(*given: object) -> object:
        monkeypatch.setattr(store.staff, "_call", usual)
        store.staff.remove(AWA.id, ACT)
        return usual(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(store.staff, "_call", slowly)
    with pytest.raises(ChangedMeanwhile):
        store.staff.change(replace(AWA, role=Role.ADMIN), ACT)
    assert store.staff.members() == ()


def test_names_that_look_alike_are_one_member(store: Store) -> None:
    store.staff.invite(AWA, ACT)
    store.staff.invite(member("AWA  diop", Role.ANALYST, NOW), ACT)
    assert [one.role for one in store.staff.members()] == [Role.ANALYST]
    assert store.staff.named("awa diop").role is Role.ANALYST


def test_a_language_revives_no_session(store: Store) -> None:
    session = signed_in(store)
    store.staff.speak(session, "en")
    found = store.staff.session(session)
    assert found
    assert found.language == "en"
    store.staff.sign_out(session)
    store.staff.speak(session, "fr")
    assert store.staff.session(session) is None


def test_a_token_ends_is_revoked_and_tells_the_day_of_its_last_use(store: Store) -> None:
    store.staff.invite(AWA, ACT)
    secret = made_token(store)
    assert [one.used for one in store.staff.tokens()] == [None]
    used = store.staff.use_token(secret, NOW.date())
    assert used
    assert used[1] == AWA
    (listed,) = store.staff.tokens()
    assert listed.used == NOW.date()
    store.staff.revoke(listed.handle, ACT)
    assert store.staff.use_token(secret, NOW.date()) is None
    with pytest.raises(StaffTokenUnknown):
        store.staff.revoke(listed.handle, ACT)
    over = secrets.draw()
    ended = replace(listed, ends=NOW - timedelta(seconds=2))
    store.staff.add_token(ended, over, ACT)
    assert store.staff.use_token(over, NOW.date()) is None


def test_nobody_who_is_not_there_gets_a_token(store: Store) -> None:
    with pytest.raises(MemberUnknown):
        made_token(store)


def test_the_trail_is_read_by_pages_newest_first(store: Store) -> None:
    for number in range(120):
        store.acts.note(Act("Awa", Way.CONSOLE, "counted", str(number), "x" * 5000))
    first = store.acts.latest()
    assert [one.number for one in first] == [*range(120, 70, -1)]
    assert first[0].act.on == "119"
    assert len(first[0].act.detail) == 500
    assert abs(first[0].at / 1000 - datetime.now(UTC).timestamp()) < 60
    rest = store.acts.latest(before=first[-1].number)
    assert [one.number for one in rest] == [*range(70, 20, -1)]
    assert [one.number for one in store.acts.latest(before=21)] == [*range(20, 0, -1)]
    assert store.acts.latest(before=1) == store.acts.latest(before=-5) == ()
    assert store.acts.latest(before=10**30, most=1) == first[:1]


def test_every_change_of_a_member_or_a_token_is_in_the_trail(store: Store) -> None:
    signed_in(store)
    made_token(store)
    store.staff.revoke(store.staff.tokens()[0].handle, ACT)
    store.staff.sign_out_everywhere(AWA.id, ACT)
    store.staff.remove(AWA.id, ACT)
    assert len(store.acts.latest()) == 5
