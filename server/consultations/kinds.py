"""Kinds: what readers are asked for."""

from enum import StrEnum


class Kind(StrEnum):
    """In a citizens' question, proposals are questions; those with most support are put."""

    CONSULTATION = "consultation"
    CITIZENS_QUESTION = "citizens-question"
