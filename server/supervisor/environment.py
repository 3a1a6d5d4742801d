"""The environment of the processes on one machine, and the secrets that their folder keeps."""

import base64
import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path

from server.settings import Listening, with_data_folder


def _central_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


def _signing_key() -> str:
    return "whsk_" + base64.b64encode(secrets.token_bytes(32)).decode()


# Drawn at the first start and kept: with other keys every reader would become somebody else.
SECRETS: dict[str, Callable[[], str]] = {
    "ISOLOIR_SECRET_KEYS": lambda: secrets.token_urlsafe(32),
    "ISOLOIR_CENTRAL_SECRET": _central_secret,
    "ISOLOIR_SIGNING_KEY": _signing_key,
}
HERE = "127.0.0.1"


def compose(
    data: Path, environ: Mapping[str, str], store_url: str | None, demo: bool
) -> dict[str, str]:
    """Return the settings of all processes: what `environ` says, else what suits this machine.

    `store_url` is the embedded store's, if it runs. Only secrets are taken from an earlier run:
    addresses may have changed.
    """
    listening = Listening.load(environ)
    settings = {
        "ISOLOIR_URL": f"http://localhost:{listening.port}",
        "ISOLOIR_BIND": HERE,
        "PORT": str(listening.port),
    }
    if store_url:
        settings["REDIS_URL"] = store_url
    if demo:
        settings |= {
            "ISOLOIR_CENTRAL_URL": f"http://{HERE}:{listening.receiver_port}",
            "ISOLOIR_RECEIVER_PORT": str(listening.receiver_port),
            "ISOLOIR_RECEIVER_DATABASE": f"sqlite:///{data / 'receiver.sqlite'}",
            "ISOLOIR_DEMO_PORT": str(listening.demo_port),
            "ISOLOIR_DEMO_URL": f"http://{{media}}.localhost:{listening.demo_port}",
        }
    kept = with_data_folder(data, {})
    for name, draw in SECRETS.items():
        settings[name] = kept.get(name) or draw()
    return settings | {name: environ[name] for name in _NAMES if environ.get(name)}


_NAMES = (
    "REDIS_URL",
    "ISOLOIR_REPLICAS",
    "ISOLOIR_URL",
    "ISOLOIR_BIND",
    "ISOLOIR_SECRET_KEYS",
    "ISOLOIR_DEPLOYMENT",
    "ISOLOIR_CENTRAL_URL",
    "ISOLOIR_CENTRAL_SECRET",
    "ISOLOIR_SIGNING_KEY",
    "ISOLOIR_PROXIES",
    "ISOLOIR_RECEIVER_DATABASE",
    "ISOLOIR_DEMO_URL",
)


def write(data: Path, settings: Mapping[str, str]) -> None:
    """Write the file by which other commands on this machine find the service; owner only."""
    path, draft = data / "environment", data / "environment.new"
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.writelines(f"{name}={value}\n" for name, value in sorted(settings.items()))
    draft.replace(path)
