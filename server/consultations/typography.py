"""Typography: French texts as French is printed, whatever keyboard they were typed on."""

import re

NARROW = "\u202f"  # the narrow space that no line breaks at
SPACE = "[ \u00a0\u2009\u202f]"
LETTER = r"[^\W\d_]"
ADDRESS = r"\b[a-z]+://\S*|\bwww\.\S*"
BEFORE = rf"(?<=\S){SPACE}+(?=[;:?!%»])"
BEHIND = rf"(?<=«){SPACE}+(?=\S)"
APOSTROPHE = rf"(?<={LETTER})'(?=[\w«“])"
TYPED = re.compile(f"({ADDRESS})|({BEFORE}|{BEHIND})|{APOSTROPHE}", re.IGNORECASE)


def french(text: str) -> str:
    """Return `text` with narrow spaces inside « » and before ; : ? ! % and with ’ between letters.

    A space is only changed where one was typed, so 10:30 stays what it is; addresses are left
    alone. What is printed so already comes back as it is.
    """
    return TYPED.sub(_printed, text)


def printed(text: str, language: str | None) -> str:
    """Return `text` as its language is printed: we know the rules of French only."""
    return french(text) if (language or "").split("-")[0] == "fr" else text


def _printed(match: re.Match[str]) -> str:
    address, space = match.groups()
    return address or (NARROW if space else "’")
