"""What readers see of their own proposals, and what is kept of them."""

from typing import Any

from tests.web.conftest import API, Reader

PATH = f"{API}/proposals"


def own(reader: Reader, credential: str) -> list[dict[str, Any]]:
    bearer = {"Authorization": f"Bearer {credential}"}
    found = reader.client.get(f"{API}/me?source=rmc", headers=bearer).get_json()
    proposals: list[dict[str, Any]] = found["proposals"]
    return proposals


def content(node: Any, name: str) -> Any:
    readers = {
        "string": node.get, "hash": node.hgetall, "set": node.smembers,
        "list": lambda n: node.lrange(n, 0, -1), "zset": lambda n: node.zrange(n, 0, -1),
    }  # fmt: skip
    return readers[node.type(name)](name)
