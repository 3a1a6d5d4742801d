"""Whether a port is free, before anything is started that would want it."""

import errno
import socket
from collections.abc import Mapping

from server.supervisor.supervisor import CannotStart


def demand_free(address: str, ports: Mapping[str, int]) -> None:
    """Raise `CannotStart` for the first port that is taken; `ports` goes by variable name."""
    for variable, port in ports.items():
        try:
            _try(address, port)
        except OverflowError:
            raise CannotStart(f"{variable} is not a port: {port}.") from None
        except OSError as error:
            reason = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be used: {error}"
            message = f"Port {port} {reason}. Set {variable} to another one."
            raise CannotStart(message) from None


def _try(address: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        # As the servers do: connections of a run before that still linger are no obstacle.
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        trial.bind((address, port))
