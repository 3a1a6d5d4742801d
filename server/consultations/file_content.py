"""File content: all that a consultation file can say."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from server.consultations.consultation import Consultation, Proposal
from server.consultations.handling import Handling
from server.consultations.proposing import Submission


@dataclass(frozen=True)
class ConsultationFile:
    """What a file says. The consultation's id is empty: the store assigns it.

    `submitted` are those from readers that are not published: pending, refused, or taken down; the
    latter are no `proposals`. `handled` is what staff made of some of both, by number; `labels` are
    those that they may give.
    """

    consultation: Consultation
    proposals: tuple[Proposal, ...]
    pictures: Mapping[str, bytes] = field(default_factory=dict)  # logos by name
    submitted: tuple[Submission, ...] = ()
    handled: Mapping[int, Handling] = field(default_factory=dict)
    labels: tuple[str, ...] = ()
