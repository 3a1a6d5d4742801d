"""What each of thousands of services in one process would make anew, and need not."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule


class Remembered(BytecodeCache):
    """Templates compiled once in a process; Jinja checks that their source is still the same."""

    def __init__(self) -> None:
        self._compiled: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._compiled:
            bucket.bytecode_from_string(self._compiled[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._compiled[bucket.key] = bucket.bytecode_to_string()


def quickly() -> None:
    """Let services start without compiling what they may never use.

    Werkzeug compiles two functions for each route, to build addresses with; here when one is built.
    """
    compiled = Rule._compile_builder

    def later(rule: Rule, append_unknown: bool = True) -> Callable[..., Any]:
        made: list[Callable[..., Any]] = []

        def build(rule: Rule, *values: Any, **named: Any) -> Any:
            if not made:
                made.append(compiled(rule, append_unknown))
            return made[0](rule, *values, **named)

        return build

    Rule._compile_builder = later  # type: ignore[method-assign]
    Flask.jinja_options = Flask.jinja_options | {"bytecode_cache": Remembered()}
