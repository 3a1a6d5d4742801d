"""A full disk without one: the kernel refuses to let files grow, as it does when there is no room.

The limit is a process's own and is inherited when it starts another; that works everywhere and
needs no rights. `EFBIG` instead of `ENOSPC` is all that a program sees of the difference.
"""

import resource
from collections.abc import Iterator
from contextlib import contextmanager

from server.supervisor.embedded import EmbeddedStore


@contextmanager
def files_up_to(size: int) -> Iterator[None]:
    """Whatever is started inside can write files of `size` bytes, and no more for its life."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def make_room(server: EmbeddedStore) -> bool:
    """Lift the limit; return whether the server could stay, which only Linux allows."""
    stays = hasattr(resource, "prlimit")
    if stays:
        resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
    else:
        server.stop()
        server.start()
        server.wait_ready()
    return stays
