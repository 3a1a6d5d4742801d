"""The domain stands on its own."""

import subprocess
import sys


def test_the_domain_imports_without_flask_redis_or_marshmallow() -> None:
    """Every module of the domain, in a process of its own."""
    code = """
import importlib, pkgutil, sys
import server.consultations as domain
for module in pkgutil.walk_packages(domain.__path__, "server.consultations."):
    importlib.import_module(module.name)
print(sorted({"flask", "redis", "marshmallow"} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
