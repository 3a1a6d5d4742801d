"""For the conftest of a folder whose tests all run twice: on one server, and on a cluster."""

import pytest


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give every test that uses the store its two servers, one after the other."""
    if "store_server" in metafunc.fixturenames:
        alone = metafunc.definition.get_closest_marker("one_server")
        servers = ["one_server"] if alone else ["one_server", "cluster"]
        metafunc.parametrize("store_server", servers, indirect=True, scope="session")
