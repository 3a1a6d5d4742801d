"""Members of staff, their links to sign in, their sessions and their tokens.

Of every secret only a digest is kept. All of it lies in one slot, so that one script touches it.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

import redis

from server.consultations.errors import (
    ChangedMeanwhile,
    LinkInvalid,
    MemberUnknown,
    Refusal,
    StaffTokenUnknown,
    TokenRefused,
)
from server.staff import bearer, secrets
from server.staff.acts import Act
from server.staff.bearer import Token
from server.staff.members import Member, id_of
from server.staff.roles import Permission, Role
from server.store import keys, scripts
from server.store.acts import Acts
from server.store.clock import StoreClock
from server.store.connection import Client, domain_word, reaching_store

MINUTE = 60_000  # milliseconds
LINK_LIVES = 15 * MINUTE
IDLE = 12 * 60 * MINUTE  # without a sign of life
LONGEST = 7 * 24 * 60 * MINUTE  # however busy

NOBODY = ""


@dataclass(frozen=True)
class Link:
    """The secret of a link to sign in, which nobody can ask for again, and when it ends."""

    member: Member
    secret: str
    ends: datetime


@dataclass(frozen=True)
class Session:
    member: Member
    language: str


class Staff:
    def __init__(self, client: Client, clock: StoreClock, acts: Acts) -> None:
        self._redis = client
        self._clock = clock
        self._acts = acts
        names = ("keep_member", "sign_in", "read_session", "keep_token", "use_token")
        self._run = {name: scripts.load(client, name) for name in names}

    @reaching_store()
    def members(self) -> tuple[Member, ...]:
        """Return everybody, by name."""
        found = map(_member, self._redis.hgetall(keys.STAFF_MEMBERS).values())
        return tuple(sorted(found, key=lambda one: one.name.casefold()))

    @reaching_store()
    def member(self, id_: str) -> Member:
        """Return one of them, or raise `MemberUnknown`."""
        text = self._redis.hget(keys.STAFF_MEMBERS, id_)
        if not text:
            raise MemberUnknown("There is no such member.")
        return _member(text)

    def named(self, name: str) -> Member:
        """Return the member of that name, or raise `MemberUnknown`."""
        try:
            return self.member(id_of(name))
        except MemberUnknown:
            raise MemberUnknown(f"There is no member “{name}”.", field="name") from None

    def invite(self, member: Member, act: Act) -> Link:
        """Keep a member as described and make their one link; an older link is worth nothing.

        Raises `ChangedMeanwhile`.
        """
        secret = secrets.draw()
        ends = self._keep(member.id, lambda old: _renewed(old, member), act, secrets.digest(secret))
        return Link(member, secret, datetime.fromtimestamp(ends / 1000, UTC))

    def change(self, member: Member, act: Act) -> None:
        """Keep a changed member, at once in all their sessions and tokens. Raises `MemberUnknown`
        or `ChangedMeanwhile`.
        """
        self._keep(member.id, lambda old: _renewed(_known(old), member), act)

    def remove(self, id_: str, act: Act) -> None:
        """End all sessions, links and tokens of a member. Raises `MemberUnknown`."""

        def gone(old: str) -> str:
            _known(old)
            return NOBODY

        self._keep(id_, gone, act)

    def sign_out_everywhere(self, id_: str, act: Act) -> None:
        """End all sessions of a member, and a link that nobody used; tokens stay.

        Raises `MemberUnknown`.
        """

        def later(old: str) -> str:
            return json.dumps({**json.loads(_known(old)), "epoch": secrets.draw()})

        self._keep(id_, later, act)

    @reaching_store()
    def sign_in(self, link: str, language: str) -> tuple[str, Member]:
        """Burn a link and return the secret of a new session; raise `LinkInvalid`."""
        session = secrets.draw()
        at = [keys.STAFF_LINKS, keys.STAFF_MEMBERS, keys.staff_session(secrets.digest(session))]
        text = self._call("sign_in", at, [secrets.digest(link), IDLE, language])
        return session, _member(text)

    @reaching_store()
    def session(self, secret: str, alive: bool = True) -> Session | None:
        """Return a session that still counts; `alive` says that a person is at work in it."""
        at = [keys.staff_session(secrets.digest(secret)), keys.STAFF_MEMBERS]
        found = self._call("read_session", at, [IDLE if alive else 0, LONGEST, MINUTE])
        return Session(_member(found[0]), found[1]) if found else None

    @reaching_store()
    def speak(self, secret: str, language: str) -> None:
        """Keep which language a session is in; one that has just ended is not revived."""
        key = keys.staff_session(secrets.digest(secret))
        if self._redis.exists(key):
            with self._redis.pipeline(transaction=True) as batch:
                batch.hset(key, "language", language)
                # Should it have ended in between, what was just written ends too.
                batch.pexpire(key, MINUTE, nx=True)
                batch.execute()

    @reaching_store()
    def sign_out(self, secret: str) -> None:
        self._redis.delete(keys.staff_session(secrets.digest(secret)))

    @reaching_store()
    def add_token(self, token: Token, secret: str, act: Act) -> None:
        """Keep a token's digest. Raises `MemberUnknown`, or `TokenRefused` if there are too many."""
        at = [keys.STAFF_TOKENS, keys.STAFF_MEMBERS, keys.STAFF_ACTS]
        given = [secrets.digest(secret), _dump_token(token), token.member]
        self._call("keep_token", at, [*given, self._acts.written(act), bearer.MOST])

    @reaching_store()
    def use_token(self, secret: str, today: date) -> tuple[Token, Member] | None:
        """Return a token that counts and its member, and keep the day."""
        digest = secrets.digest(secret)
        at = [keys.STAFF_TOKENS, keys.STAFF_MEMBERS, keys.STAFF_TOKEN_DAYS]
        found = self._call("use_token", at, [digest, today.isoformat()])
        return (_token(digest, found[0], today.isoformat()), _member(found[1])) if found else None

    @reaching_store()
    def tokens(self) -> tuple[Token, ...]:
        """Return all tokens, those that end first before the others; also those that are over."""
        days = self._redis.hgetall(keys.STAFF_TOKEN_DAYS)
        found = self._redis.hgetall(keys.STAFF_TOKENS)
        every = (_token(digest, text, days.get(digest)) for digest, text in found.items())
        return tuple(sorted(every, key=lambda one: (one.ends, one.handle)))

    @reaching_store()
    def revoke(self, handle: str, act: Act) -> None:
        """End a token at once. Raises `StaffTokenUnknown`."""
        every = self._redis.hkeys(keys.STAFF_TOKENS)
        found = [digest for digest in every if digest[: secrets.HANDLE] == handle]
        if not found:
            raise StaffTokenUnknown(f"There is no token {handle}.")
        with self._redis.pipeline(transaction=True) as batch:
            batch.hdel(keys.STAFF_TOKENS, *found)
            batch.hdel(keys.STAFF_TOKEN_DAYS, *found)
            batch.rpush(keys.STAFF_ACTS, self._acts.written(act))
            batch.execute()

    @reaching_store()
    def _keep(self, id_: str, becomes: Callable[[str], str], act: Act, link: str = "") -> int:
        """Change one member's record from what is there now; return when the new link ends."""
        old = self._redis.hget(keys.STAFF_MEMBERS, id_) or NOBODY
        at = [keys.STAFF_MEMBERS, keys.STAFF_LINKS, keys.STAFF_TOKENS, keys.STAFF_TOKEN_DAYS]
        given = [id_, old, becomes(old), self._acts.written(act), link, LINK_LIVES]
        return int(self._call("keep_member", [*at, keys.STAFF_ACTS], given))

    def _call(self, script: str, at: list[str], given: Iterable[str | int]) -> Any:
        try:
            return self._run[script](keys=at, args=list(given))
        except redis.ResponseError as error:
            refusal = _refusal(domain_word(error)[0])
            if refusal is None:
                raise
            raise refusal from None


def _refusal(code: str) -> Refusal | None:
    if code == LinkInvalid.code:
        return LinkInvalid("This link was used, replaced, or is over. Ask for a new one.")
    if code == ChangedMeanwhile.code:
        return ChangedMeanwhile("Somebody else changed this just now. Look again.")
    if code == MemberUnknown.code:
        return MemberUnknown("There is no such member.")
    if code == TokenRefused.code:
        return TokenRefused(f"There are {bearer.MOST} tokens already: revoke some.", "label")
    return None


def _known(old: str) -> str:
    if old == NOBODY:
        raise MemberUnknown("There is no such member.")
    return old


def _renewed(old: str, member: Member) -> str:
    """Return the JSON of a member; what is there of them already keeps its sessions and its date."""
    before = json.loads(old) if old else {}
    since = before.get("since") or member.since.isoformat()
    written = {
        "name": member.name,
        "role": member.role,
        "consultations": member.consultations,
        "sources": member.sources,
        "since": since,
        "epoch": before.get("epoch") or secrets.draw(),
    }
    return json.dumps(written, ensure_ascii=False)


def _member(text: str) -> Member:
    fields = json.loads(text)
    return Member(
        fields["name"],
        Role(fields["role"]),
        datetime.fromisoformat(fields["since"]),
        tuple(fields["consultations"]),
        tuple(fields["sources"]),
    )


def _dump_token(token: Token) -> str:
    written = {
        "member": token.member,
        "label": token.label,
        "scopes": sorted(token.scopes),
        "made": int(token.made.timestamp() * 1000),
        "ends": int(token.ends.timestamp() * 1000),
    }
    return json.dumps(written, ensure_ascii=False)


def _token(digest: str, text: str, day: str | None) -> Token:
    fields = json.loads(text)
    known = {str(one) for one in Permission}  # a scope that another release knew allows nothing
    token = Token(
        digest[: secrets.HANDLE],
        fields["member"],
        fields["label"],
        frozenset(Permission(one) for one in fields["scopes"] if one in known),
        datetime.fromtimestamp(fields["made"] / 1000, UTC),
        datetime.fromtimestamp(fields["ends"] / 1000, UTC),
    )
    return replace(token, used=date.fromisoformat(day)) if day else token
