"""What must be atomic: one Lua script per deed, sent by name."""

from importlib.resources import files
from typing import Any

import redis
from redis.client import Pipeline
from redis.commands.core import Script

from server.store.connection import Client


class _Script(Script):
    """Sent by its digest, and in full to a server that does not know it.

    The library would hand it to every primary of a cluster, and fail if any of them is down.
    """

    def __call__(self, keys: Any = (), args: Any = (), client: Client = None) -> Any:
        client = client or self.registered_client
        if isinstance(client, Pipeline):
            return super().__call__(keys, args, client)
        given = (len(keys), *keys, *args)
        try:
            return client.evalsha(self.sha, *given)
        except redis.exceptions.NoScriptError:
            return client.eval(self.script, *given)


def load(client: Client, name: str) -> Any:
    """Return the script `name`, to be called with `keys` and `args`."""
    return _Script(client, files(__name__).joinpath(f"{name}.lua").read_text())
