"""gunicorn for the receiver and the demo news site: one process, nothing shared, nothing logged."""

# Browsers open connections before they need them; idle ones cost this kind of worker nothing.
worker_class = "gevent"
workers = 1
graceful_timeout = 5  # seconds
control_socket_disable = True
forwarded_allow_ips = ""
accesslog = None
logger_class = "server.web.gunicorn_log.Log"
