"""gunicorn for web: what the Procfile of a host and the supervisor on one machine both start."""

import subprocess
import sys
from pathlib import Path

from server.settings import Listening, SettingsError

try:
    _listening = Listening.load()
except SettingsError as error:
    sys.exit(str(error))

# Refuse to start rather than to answer 503 for ever. In a process of its own: what it imports
# must not open or lock anything here, before gevent has replaced sockets and locks.
_check = subprocess.run([sys.executable, "-m", "server.web.preflight"], check=False)
if _check.returncode:
    sys.exit(_check.returncode)

bind = f"{_listening.address}:{_listening.port}"
workers = _listening.workers
# Browsers open connections before they need them: 64 idle ones stop threads, not greenlets.
worker_class = "gevent"
graceful_timeout = 10  # seconds for the requests in hand when it is told to stop
# A heartbeat on a slow disk would look like a hung worker.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
control_socket_disable = True  # its default path is shared by every gunicorn of a user
# No proxy tells gunicorn anything: ISOLOIR_URL says how we are reached, ISOLOIR_PROXIES by whom.
forwarded_allow_ips = ""
accesslog = None
logger_class = "server.web.gunicorn_log.Log"
