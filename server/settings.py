"""Settings: the only reader of the environment."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from server.consultations.brakes import VoterBrake

DEPLOYMENT = re.compile(r"[a-z0-9][a-z0-9.-]{0,79}")  # part of every proposal's name afar


class SettingsError(Exception):
    """A setting is missing or wrong. The message is one line that says what to do."""


@dataclass(frozen=True)
class Settings:
    """What one process needs to know. Every field names its variable in the docs table."""

    redis_url: str  # REDIS_URL
    public_url: str  # ISOLOIR_URL: where browsers reach the service, no slash at the end
    secret_keys: tuple[str, ...]  # ISOLOIR_SECRET_KEYS: oldest first, the last one signs
    deployment: str = "local"  # ISOLOIR_DEPLOYMENT: this service's name at the central platform
    central_url: str | None = None  # ISOLOIR_CENTRAL_URL: none means no sync
    central_secret: str | None = None  # ISOLOIR_CENTRAL_SECRET: whsec_…
    replicas: int = 0  # ISOLOIR_REPLICAS: how many have a vote on disk before it is answered
    proxies: int = 0  # ISOLOIR_PROXIES: trusted proxies in front, for the client's address
    voter_burst: int = VoterBrake.burst  # ISOLOIR_VOTER_BURST: new ballots at once
    voter_per_minute: int = VoterBrake.per_minute  # ISOLOIR_VOTER_PER_MINUTE: 0 is no brake
    signing_key: str | None = None  # ISOLOIR_SIGNING_KEY: whsk_…; several, the last one signs
    demo_url: str | None = None  # ISOLOIR_DEMO_URL: the demo news site, with {media} in it
    drafts: tuple[str, ...] | None = None  # ISOLOIR_DRAFT_LANGUAGES: spoken though unsigned
    styleguide: int = 0  # ISOLOIR_STYLEGUIDE: 1 shows every state of the booth, to developers

    @property
    def voter_brake(self) -> VoterBrake:
        return VoterBrake(self.voter_burst, self.voter_per_minute)

    @cached_property
    def origin(self) -> str:
        """The service's own origin, as browsers write it."""
        parts = urlsplit(self.public_url)
        return f"{parts.scheme}://{parts.netloc}"

    @classmethod
    def load(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """Read the environment; raise `SettingsError` for what is missing or wrong."""
        redis_url = _required(environ, "REDIS_URL")
        keys = tuple(filter(None, _required(environ, "ISOLOIR_SECRET_KEYS").split(",")))
        if not keys or any(len(key) < 32 for key in keys):
            raise SettingsError("ISOLOIR_SECRET_KEYS: each key needs at least 32 characters.")
        central_url = environ.get("ISOLOIR_CENTRAL_URL") or None
        central_secret = environ.get("ISOLOIR_CENTRAL_SECRET") or None
        if central_url and not central_secret:
            raise SettingsError("ISOLOIR_CENTRAL_SECRET is missing: ISOLOIR_CENTRAL_URL needs it.")
        voter_burst = _number(environ, "ISOLOIR_VOTER_BURST", cls.voter_burst)
        if not voter_burst:
            raise SettingsError("ISOLOIR_VOTER_BURST must be at least 1.")
        return cls(
            redis_url=redis_url,
            public_url=_url(environ, "ISOLOIR_URL"),
            secret_keys=keys,
            deployment=_deployment(environ, cls.deployment),
            central_url=central_url and central_url.rstrip("/"),
            central_secret=central_secret,
            replicas=_number(environ, "ISOLOIR_REPLICAS", cls.replicas),
            proxies=_number(environ, "ISOLOIR_PROXIES", cls.proxies),
            voter_burst=voter_burst,
            voter_per_minute=_number(environ, "ISOLOIR_VOTER_PER_MINUTE", cls.voter_per_minute),
            signing_key=environ.get("ISOLOIR_SIGNING_KEY") or None,
            demo_url=environ.get("ISOLOIR_DEMO_URL"),
            drafts=_names(environ, "ISOLOIR_DRAFT_LANGUAGES"),
            styleguide=_number(environ, "ISOLOIR_STYLEGUIDE", cls.styleguide),
        )


@dataclass(frozen=True)
class ReceiverSettings:
    """What the reference receiver needs: a program of its own, usually on another machine."""

    database: str  # ISOLOIR_RECEIVER_DATABASE
    secret: str  # ISOLOIR_CENTRAL_SECRET: whsec_…, two with a comma during a rotation

    @classmethod
    def load(cls, environ: Mapping[str, str] = os.environ) -> "ReceiverSettings":
        """Read the environment; raise `SettingsError` for what is missing."""
        return cls(
            database=_required(environ, "ISOLOIR_RECEIVER_DATABASE"),
            secret=_required(environ, "ISOLOIR_CENTRAL_SECRET"),
        )


@dataclass(frozen=True)
class Listening:
    """Where the processes of one machine listen, and how many of them share the work."""

    port: int = 8000  # PORT: web
    receiver_port: int = 8200  # ISOLOIR_RECEIVER_PORT
    demo_port: int = 8100  # ISOLOIR_DEMO_PORT
    address: str = "0.0.0.0"  # noqa: S104 - ISOLOIR_BIND: all addresses, for a host's own proxy
    workers: int = 2  # WEB_CONCURRENCY: web processes

    @classmethod
    def load(cls, environ: Mapping[str, str] = os.environ) -> "Listening":
        """Read the environment; raise `SettingsError` for what is not a number."""
        return cls(
            port=_number(environ, "PORT", cls.port),
            receiver_port=_number(environ, "ISOLOIR_RECEIVER_PORT", cls.receiver_port),
            demo_port=_number(environ, "ISOLOIR_DEMO_PORT", cls.demo_port),
            address=environ.get("ISOLOIR_BIND") or cls.address,
            workers=_number(environ, "WEB_CONCURRENCY", cls.workers),
        )


def with_data_folder(data: Path, environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return `environ` over what `isoloir serve` wrote into its data folder, if it did."""
    path = data / "environment"
    lines = path.read_text().splitlines() if path.is_file() else []
    written = dict(line.split("=", 1) for line in lines if "=" in line)
    return {**written, **environ}


def _required(environ: Mapping[str, str], name: str) -> str:
    value = environ.get(name, "").strip()
    if not value:
        raise SettingsError(f"{name} is missing. Set it, or use `make run` on one machine.")
    return value


def _url(environ: Mapping[str, str], name: str) -> str:
    value = _required(environ, name).rstrip("/")
    if urlsplit(value).scheme not in {"http", "https"} or not urlsplit(value).netloc:
        raise SettingsError(f"{name} is not an http or https address: {value}")
    return value


def _deployment(environ: Mapping[str, str], default: str) -> str:
    name = environ.get("ISOLOIR_DEPLOYMENT", default)
    if not DEPLOYMENT.fullmatch(name):
        raise SettingsError(f"ISOLOIR_DEPLOYMENT takes a-z, 0-9, dots and hyphens only: {name}")
    return name


def _names(environ: Mapping[str, str], name: str) -> tuple[str, ...] | None:
    return tuple(filter(None, map(str.strip, environ.get(name, "").split(",")))) or None


def _number(environ: Mapping[str, str], name: str, default: int) -> int:
    value = environ.get(name, "").strip()
    if value and not (value.isascii() and value.isdecimal()):
        raise SettingsError(f"{name} must be a whole number from 0: {value}")
    return int(value) if value else default
