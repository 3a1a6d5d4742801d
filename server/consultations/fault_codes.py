"""Fault codes: the kinds of fault in a file that the console tells in the visitor's language.

The message beside the code stays English, for the command line and programs. What has no code is
rare; a new kind is one word here and its sentence in `server/staff/messages/`.
"""

from enum import StrEnum


class FaultCode(StrEnum):
    MISSING = "missing"
    UNKNOWN = "unknown"
    UNKNOWN_NEAR = "unknown-near"  # near
    TWICE = "twice"  # first
    SAME = "same"  # first
    EMPTY = "empty"
    NOT_ONE = "not-one"
    NO_KEYS = "no-keys"
    NO_LIST = "no-list"
    YAML = "yaml"
    NOT_PLAIN = "not-plain"
    TOO_DEEP = "too-deep"
    NO_TEXT = "no-text"
    UNPRINTABLE = "unprintable"
    TOO_LARGE = "too-large"  # most
    TOO_MANY_LINES = "too-many-lines"  # most
    TOO_LONG = "too-long"  # most, given
    NO_INSTANT = "no-instant"
    SKIPPED_HOUR = "skipped-hour"  # zone
    NO_ORDER = "no-order"
    NO_ORDER_UNTIL = "no-order-until"
    NO_DAY = "no-day"
    NO_ZONE = "no-zone"
    NO_LANGUAGE = "no-language"
    NO_SLUG = "no-slug"
    NO_ORIGIN = "no-origin"
    NO_LINK = "no-link"
    NO_COLOUR = "no-colour"
    NO_NUMBER = "no-number"  # low, high
    NO_FLAG = "no-flag"
    NO_CHOICE = "no-choice"  # words
    NO_LOGO = "no-logo"
    NO_AMOUNT = "no-amount"
    NO_PROPOSAL = "no-proposal"  # number
