"""The demo's consultation: imported once, and open at the addresses of this run."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from server.consultations.consultation import Consultation, Phase, Source
from server.consultations.errors import ConsultationUnknown
from server.demo.media import MEDIA, SLUG, address
from server.settings import Settings
from server.store.store import Store, open_store

FILE = Path(__file__).with_name(f"{SLUG}.yaml")
WINDOW = timedelta(days=60)


def prepare(settings: Settings) -> None:
    """Import the consultation if it is not there yet, and make it fit this run."""
    store = open_store(settings.redis_url)
    try:
        kept = _find_or_import(store)
        fitting = fit(kept, settings, datetime.now(UTC))
        if fitting != kept:
            store.consultations.replace(fitting)
    finally:
        store.close()


def fit(consultation: Consultation, settings: Settings, now: datetime) -> Consultation:
    """Return the consultation open now, each media at its address: ports differ between runs."""
    sources = tuple(_at_home(source, settings) for source in consultation.sources)
    fitting = replace(consultation, sources=sources)
    if consultation.phase(now) is Phase.OPEN:
        return fitting
    opens = now.astimezone(consultation.opens.tzinfo).replace(microsecond=0)
    return replace(fitting, opens=opens, closes=opens + WINDOW)


def _at_home(source: Source, settings: Settings) -> Source:
    names = {media.name for media in MEDIA}
    if source.name not in names:
        return source
    return replace(source, origins=(address(settings, source.name),))


def _find_or_import(store: Store) -> Consultation:
    try:
        return store.consultations.by_slug(SLUG)
    except ConsultationUnknown:
        from server.cli.consultation import import_file

        import_file(store, FILE)
        return store.consultations.by_slug(SLUG)
