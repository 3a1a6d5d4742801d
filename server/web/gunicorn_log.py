"""gunicorn's log without readers' addresses: it writes them only for requests it cannot parse."""

import logging
import re
from typing import Any

from gunicorn.glogging import Logger

ADDRESS = re.compile(r"\bip=\S+")


class Log(Logger):  # type: ignore[misc]  # it has no type information
    """gunicorn's own log; there is no access log in either."""

    def setup(self, cfg: Any) -> None:
        """Set it up, and have what our own modules say carry the time, as all else here does."""
        super().setup(cfg)
        logging.basicConfig(format="%(asctime)s %(message)s")

    def warning(self, msg: str, *args: Any, **kwargs: Any) -> None:
        super().warning(ADDRESS.sub("ip=(not kept):", msg), *args, **kwargs)
