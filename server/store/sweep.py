"""Sweep: wipe every server of the store, primaries and replicas."""

import redis

from server.store.connection import Client
from server.store.servers import Server, every_server, replicas_of
from server.store.wiping import Pause, Unwiped, catch_up, wipe


def sweep(client: Client, replicas: int, pause: Pause) -> list[str]:
    """Wipe them all, also when one fails; return what each that did says.

    A primary with fewer than `replicas` is a failure too: one that is away may come back.
    """
    with every_server(client) as servers:
        failed = [fault for server in servers if (fault := _wipe(server, pause))]
        failed += [
            f"{server.name} has fewer than {replicas} replicas"
            for server in servers
            if server.follows is None and replicas_of(servers, server) < replicas
        ]
    return failed


def _wipe(server: Server, pause: Pause) -> str | None:
    """Return None, or what failed in words."""
    try:
        if server.follows is not None:
            catch_up(server.client, server.follows, pause)
        wipe(server.client, pause)
    except Unwiped as fault:
        return f"{server.name} {fault}"
    except redis.RedisError as error:
        return f"{server.name} does not answer ({type(error).__name__})"
    return None
