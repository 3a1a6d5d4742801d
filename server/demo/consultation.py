"""The demo's consultation: imported once, and open at the addresses of this run."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from server.cli.consultation import import_file
from server.consultations.consultation import Consultation
from server.consultations.errors import ConsultationUnknown
from server.demo.media import MEDIA, SLUG, address
from server.settings import Settings
from server.store.store import Store, open_store

FILE = Path(__file__).with_name(f"{SLUG}.yaml")
WINDOW = timedelta(days=60)


def prepare(settings: Settings) -> None:
    """Import the consultation if it is not there yet, and point it to the addresses of this run."""
    store = open_store(settings.redis_url, settings.replicas)
    try:
        found = _found(store) or _imported(store)
        here = at_home(found, settings)
        if here != found:
            store.consultations.replace(here)
    finally:
        store.close()


def at_home(consultation: Consultation, settings: Settings) -> Consultation:
    """Return the consultation with each media at its address: ports differ between runs."""
    names = {media.name for media in MEDIA}
    sources = tuple(
        replace(source, origins=(address(settings, source.name),))
        if source.name in names
        else source
        for source in consultation.sources
    )
    return replace(consultation, sources=sources)


def open_at(consultation: Consultation, now: datetime) -> Consultation:
    """Return the consultation open: years after it was written, the demo still takes votes."""
    if consultation.phase(now).takes_votes:
        return consultation
    opens = now.astimezone(consultation.opens.tzinfo).replace(microsecond=0)
    return replace(consultation, opens=opens, closes=opens + WINDOW)


def _found(store: Store) -> Consultation | None:
    try:
        return store.consultations.by_slug(SLUG)
    except ConsultationUnknown:
        return None


def _imported(store: Store) -> Consultation:
    made = import_file(store, FILE)
    opened = open_at(made, datetime.now(UTC))
    if opened != made:
        store.consultations.replace(opened)
    return opened
