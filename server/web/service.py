"""What every view needs, made once per process."""

from dataclasses import dataclass
from typing import TypeVar, cast

from flask import Flask, current_app

from server.keyring import Keyring
from server.settings import Settings
from server.store.store import Store, open_store
from server.web.assets import Assets
from server.web.credentials import Credentials
from server.web.dealer import Dealer
from server.web.directory import Directory
from server.web.messages import Messages
from server.web.polling_station import PollingStation
from server.web.tickets import Tickets

NAME = "isoloir"
T = TypeVar("T")


@dataclass(frozen=True)
class Service:
    settings: Settings
    store: Store
    directory: Directory
    credentials: Credentials
    dealer: Dealer
    station: PollingStation
    keyring: Keyring
    assets: Assets
    messages: Messages


def init_app(app: Flask, settings: Settings) -> None:
    """Open the store and wire the parts; raise `StoreUnfit` if votes would not be safe there."""
    keyring = Keyring.parse(settings.signing_key)
    store = open_store(settings.redis_url, settings.replicas, settings.voter_brake)
    directory = Directory(store)
    dealer = Dealer(Tickets(settings.secret_keys))
    app.extensions[NAME] = Service(
        settings=settings,
        store=store,
        directory=directory,
        credentials=Credentials(settings.secret_keys, store.consultations.place_key),
        dealer=dealer,
        station=PollingStation(store, dealer),
        keyring=keyring,
        assets=Assets.load(debug=app.debug),
        messages=Messages.load(settings.drafts),
    )


def service() -> Service:
    return cast(Service, plain(current_app).extensions[NAME])


def plain(proxy: T) -> T:
    """Return what Flask's proxy stands for: each attribute costs more by way of the proxy."""
    return cast(T, proxy._get_current_object())  # type: ignore[attr-defined]
