"""Roles: what each lets a member of staff do. The only place that says so."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Permission(StrEnum):
    """One thing that a page, an address of the API or a token can need. The set is closed."""

    OVERVIEW = "overview"  # the figures of every source, raw and verified
    OWN_SOURCES = "own-sources"  # the verified figures of a member's own sources, nothing else
    PROPOSALS = "proposals"  # read what waits, with hints and history
    DECIDE = "decide"  # accept, refuse, postpone, merge, tag
    TAKE_DOWN = "take-down"  # withdraw an accepted proposal everywhere
    PUT_BACK = "put-back"  # give readers back what was taken down
    CONSULTATIONS = "consultations"  # open, close, change, import, rehearse
    VOTES = "votes"  # download one row for each voter
    MEMBERS = "members"  # invite, change and remove members
    TOKENS = "tokens"  # make and revoke tokens
    ACTS = "acts"  # read what staff did


class Role(StrEnum):
    ADMIN = "admin"
    MODERATOR = "moderator"
    ANALYST = "analyst"
    EDITOR = "editor"


_P = Permission
PERMISSIONS: Mapping[Role, frozenset[Permission]] = MappingProxyType(
    {
        # All but an editor's: that one exists to show less.
        Role.ADMIN: frozenset(Permission) - {_P.OWN_SOURCES},
        Role.MODERATOR: frozenset({_P.OVERVIEW, _P.PROPOSALS, _P.DECIDE, _P.TAKE_DOWN}),
        Role.ANALYST: frozenset({_P.OVERVIEW, _P.PROPOSALS}),
        Role.EDITOR: frozenset({_P.OWN_SOURCES}),
    }
)
