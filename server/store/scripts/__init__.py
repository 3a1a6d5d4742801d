"""What must be atomic: one Lua script per deed, sent by name."""

from importlib.resources import files
from typing import Any

from server.store.connection import Client


def load(client: Client, name: str) -> Any:
    """Register the script `name`; it is sent by its digest and reloads itself when unknown."""
    return client.register_script(files(__name__).joinpath(f"{name}.lua").read_text())
