"""What is written out reads back exactly."""

from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest
from hypothesis import given, settings

from server.consultations import files
from server.consultations.consultation import (
    Proposal,
    ProposalState,
)
from server.consultations.errors import FileRefused
from server.consultations.exporting import exported
from server.consultations.proposing import RefusalReason, Submission
from server.consultations.typography import printed
from tests.replay.any_consultation import consultations
from tests.replay.good_file import GOOD, parse

FOLLOWUP = ("answers", "selected", "workshops", "actions", "endorsements")


@given(consultations())
@settings(max_examples=60, deadline=None)
def test_what_is_written_out_reads_back_exactly(found: files.ConsultationFile) -> None:
    """An export loses nothing: neither an hour, nor a number, nor a strange character."""
    stored = found if found.consultation.rehearsal else as_printed(found)
    written = files.dump(stored)
    assert files.parse(written.encode(), "export.yaml") == stored


def test_what_readers_wrote_comes_back_as_they_wrote_it() -> None:
    """Two of them may have written alike, with a typewriter's apostrophe: the file says so."""
    asked = parse(GOOD).consultation
    written = [
        Proposal(n, text, "fr")
        for n, text in enumerate(("Il faut qu'on dorme", "Il faut qu’on dorme"), 1)
    ]
    text = exported(files.ConsultationFile(asked, tuple(written)))
    assert "verbatim: true" in text
    assert parse(text).proposals == tuple(written)
    assert parse(text).consultation == asked
    assert "verbatim" not in exported(files.ConsultationFile(asked, tuple(written[1:])))


def test_what_could_not_be_taken_in_again_is_not_written_out() -> None:
    """Neither as printed nor as it stands: whoever exports is told the line."""
    found = parse(GOOD)
    long = replace(found, labels=("x" * 31,))
    with pytest.raises(FileRefused) as refused:
        exported(long)
    assert [fault.field for fault in refused.value.faults] == ["labels[1]"]
    pending = replace(found.proposals[0], id=9, state=ProposalState.PENDING)
    undone = replace(found, submitted=(Submission(pending, RefusalReason.TEST),))
    with pytest.raises(FileRefused):
        exported(undone)


def set_in_print(one: Any, language: str) -> Any:
    """Return an entry of staff, or many, with each text as its language is printed."""
    if isinstance(one, tuple):
        return tuple(set_in_print(each, language) for each in one)
    if is_dataclass(one) and not isinstance(one, type):
        given = {part.name: getattr(one, part.name) for part in fields(one)}
        return replace(one, **{key: set_in_print(value, language) for key, value in given.items()})
    return printed(one, language) if type(one) is str else one


def as_printed(found: files.ConsultationFile) -> files.ConsultationFile:
    """Return what is stored of it: every text in the typography of its language."""
    asked = found.consultation
    question, prefix = (
        printed(text or "", asked.language) for text in (asked.question, asked.prefix)
    )
    made = [
        replace(
            p, text=printed(p.text, p.language), author=p.author and printed(p.author, p.language)
        )
        for p in found.proposals
    ]
    theme, cause = (text and printed(text, asked.language) for text in (asked.theme, asked.cause))
    kept = replace(
        asked,
        question=question,
        prefix=prefix or None,
        theme=theme,
        cause=cause,
        partners=tuple(
            replace(one, name=printed(one.name, asked.language)) for one in asked.partners
        ),
        **{key: set_in_print(getattr(asked, key), asked.language) for key in FOLLOWUP},
    )
    return files.ConsultationFile(kept, tuple(made), found.pictures, found.submitted)
