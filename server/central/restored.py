"""After a restore: a new epoch for each consultation, and what the central platform has more."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime

from server.central import signing
from server.central.acknowledged import Acknowledged
from server.central.client import Central, NoAnswer, Refused
from server.central.document import deployment_name
from server.central.reconcile import new_epoch
from server.consultations.consultation import Consultation
from server.settings import Settings
from server.store.store import Store
from server.store.sync_state import SyncStates


@dataclass(frozen=True)
class Heard:
    """What the central platform says of one consultation. `silence` is why it says nothing.

    `missing` is how many changes of votes it knows that the store does not; None if that cannot be
    told, because it counts since another beginning.
    """

    consultation: Consultation
    silence: str | None
    missing: int | None


class Platform:
    """The central platform, asked until it does not answer."""

    def __init__(self, settings: Settings) -> None:
        self._deployment = settings.deployment
        self._central: Central | None = None
        self._silence: str | None = "none is configured."
        if settings.central_url and settings.central_secret:
            secrets = signing.parse_secrets(settings.central_secret)
            self._central, self._silence = Central(settings.central_url, secrets), None

    def ask(self, consultation: Consultation) -> tuple[Acknowledged | None, str | None]:
        """Return what it has, and why it does not say."""
        if self._central is None or self._silence:
            return None, self._silence
        name = deployment_name(self._deployment, consultation)
        try:
            return self._central.ask(name, consultation.slug).acknowledged, None
        except NoAnswer as error:
            self._silence = str(error)  # nor will it for the others
            return None, self._silence
        except Refused as error:
            return None, str(error)

    def close(self) -> None:
        if self._central:
            self._central.close()


def settle(
    store: Store, settings: Settings, consultations: Iterable[Consultation], now: datetime
) -> Iterator[Heard]:
    """Draw the epochs, above all that the central platform knows, and yield what it says.

    In the new epoch it takes the restored counts for newer than its own, although they are lower.
    """
    with closing(Platform(settings)) as platform:
        for consultation in consultations:
            known, silence = platform.ask(consultation)
            missing = _begin_anew(store, consultation, known, now)
            yield Heard(consultation, silence, missing)


def _begin_anew(
    store: Store, consultation: Consultation, known: Acknowledged | None, now: datetime
) -> int | None:
    """Draw a new epoch if there ever was one; return how many changes are missing."""
    states = SyncStates(store.redis)
    epoch = states.read(consultation).epoch
    missing = _missing(epoch, store.tallies.revisions(consultation), known)
    if known or epoch:
        milliseconds = max(int(now.timestamp() * 1000), epoch + 1)
        states.draw_epoch(consultation, new_epoch(milliseconds, known))
    if missing != 0:
        states.data_lost(consultation, now)
    return missing


def _missing(epoch: int, revisions: Sequence[int], known: Acknowledged | None) -> int | None:
    if known is None or known.epoch < epoch:
        return 0
    if epoch and known.epoch > epoch:
        return None
    pairs = zip(known.revisions, revisions, strict=False)
    return sum(max(0, theirs - ours) for theirs, ours in pairs)
