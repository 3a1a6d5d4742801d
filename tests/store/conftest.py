"""Every test of the store runs on one server and on a cluster."""

from tests.cluster.both import pytest_generate_tests  # noqa: F401 - a hook of pytest's
