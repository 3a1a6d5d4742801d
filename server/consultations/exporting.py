"""Exporting: a file that is imported as the same consultation, whatever texts are in it."""

from dataclasses import replace

from server.consultations.errors import Fault, FileRefused
from server.consultations.file_content import ConsultationFile
from server.consultations.files import UNASSIGNED, dump, parse
from server.consultations.followup_writing import within

NAME = "export"  # of the file, in the list of its faults


def exported(kept: ConsultationFile) -> str:
    """Return the file; `verbatim` only where reading it would change or refuse a text.

    What readers wrote keeps their apostrophes, and two of them may have written alike. Raises
    `FileRefused` if what is kept could not be taken in again: better missed today than on the day
    when the file is needed.
    """
    wanted = _in_a_file(kept)
    text = dump(wanted)
    return text if _reads_as(text, wanted) else _verbatim(wanted)


def _in_a_file(kept: ConsultationFile) -> ConsultationFile:
    """Return it without its id, pictures that no partner shows, and what is said of proposals that
    are not in it.

    A source's number is what its ballots hold, and no ballot is in a file: like the id it is given
    anew where the file is taken in, by the place in the list.
    """
    numbers = {one.id for one in kept.proposals} | {one.proposal.id for one in kept.submitted}
    asked = within(kept.consultation, numbers)
    sources = tuple(replace(one, number=place) for place, one in enumerate(asked.sources, 1))
    shown = {partner.logo for partner in asked.partners}
    return replace(
        kept,
        consultation=replace(asked, id=UNASSIGNED, sources=sources),
        pictures={name: picture for name, picture in kept.pictures.items() if name in shown},
    )


def _verbatim(wanted: ConsultationFile) -> str:
    text = dump(wanted, verbatim=True)
    if parse(text.encode(), NAME) != wanted:
        raise FileRefused(NAME, [Fault(1, "file", "would read back as something else.")])
    return text


def _reads_as(text: str, wanted: ConsultationFile) -> bool:
    try:
        return parse(text.encode(), NAME) == wanted
    except FileRefused:
        return False
