"""Tokens: what every signed text of ours looks like."""

import re

from itsdangerous import BadData

TOKEN_LENGTH = 1024  # characters; our own tokens are under 500
TOKEN = re.compile(rf"[A-Za-z0-9_.-]{{1,{TOKEN_LENGTH}}}")


def demand_token(text: str) -> None:
    """Raise `BadData` unless it can be a token of ours.

    The signature is decoded leniently, so one token would be good in endless spellings, and each
    would be remembered as another.
    """
    if not TOKEN.fullmatch(text):
        raise BadData("This is no token.")
