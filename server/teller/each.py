"""Each: one consultation that fails keeps up no other."""

import logging
from collections.abc import Callable, Iterable

from server.consultations.consultation import Consultation
from server.consultations.errors import ClocksApart, Refusal

log = logging.getLogger(__name__)


def each(
    doing: str, consultations: Iterable[Consultation], work: Callable[[Consultation], object]
) -> None:
    """Work on every consultation, and log which of them failed: the next turn tries again.

    Where many wait for the same, as for a store that is away, one line names them all.
    """
    waiting: dict[str, list[str]] = {}
    for consultation in consultations:
        try:
            work(consultation)
        except ClocksApart:
            pass  # it was told
        except Refusal as refusal:
            waiting.setdefault(refusal.detail, []).append(consultation.slug)
        except Exception:
            log.exception("%s %s failed; it is tried again", doing, consultation.slug)
    for detail, slugs in waiting.items():
        log.warning("%s %s waits: %s", doing, ", ".join(slugs), detail)
