"""Children that do not outlive the process that started them."""

import contextlib
import ctypes
import os
import signal
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1

# Loaded here, not in the child: between fork and exec as little as possible should happen.
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def dies_with_parent() -> Callable[[], None]:
    """Return what a child runs before `exec`, so that it ends if its parent is killed outright.

    Only Linux can do this; elsewhere the folder's lock tells who was left behind.
    """
    parent = os.getpid()
    return lambda: die_with(parent)


def die_with(parent: int) -> None:
    """End this process when `parent` is killed outright; in a child that has begun already."""
    if _libc is None:
        return
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # it was killed before we asked
        os._exit(1)


def kill_group(group: int) -> None:
    """Kill what is left of a process group: the workers of a server that was killed itself."""
    # macOS answers "not permitted" for a group of which only zombies are left.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)
