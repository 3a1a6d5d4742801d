"""Nodes: what a form, a table or the API says, as if a file had said it.

So one reader, with one set of rules, stands behind every door.
"""

from collections.abc import Mapping
from typing import Any

import yaml

from server.consultations.errors import Fault, FileRefused
from server.consultations.fault_codes import FaultCode
from server.consultations.records import DEPTH_LIMIT

TEXT, LIST, MAP = (f"tag:yaml.org,2002:{kind}" for kind in ("str", "seq", "map"))


def mapping(given: Mapping[str, Any], line: int = 1) -> yaml.MappingNode:
    """Return the node of a mapping; what is None, or an empty text or list, is left out.

    Raises `FileRefused` for what is nested deeper than a file may be.
    """
    return _mapping(given, yaml.Mark("", 0, line - 1, 0, None, 0), DEPTH_LIMIT)


def _mapping(given: Mapping[str, Any], mark: yaml.Mark, depth: int) -> yaml.MappingNode:
    if not depth:
        raise FileRefused(
            "body", [Fault(mark.line + 1, "body", "is nested too deeply.", FaultCode.TOO_DEEP)]
        )
    pairs = [
        (_node(str(name), mark, depth), _node(value, mark, depth - 1))
        for name, value in given.items()
        if value not in (None, "", [], {})
    ]
    return yaml.MappingNode(MAP, pairs, mark, mark)


def _node(value: Any, mark: yaml.Mark, depth: int) -> yaml.Node:
    if isinstance(value, Mapping):
        return _mapping(value, mark, depth)
    if isinstance(value, list):
        each = [_node(one, mark, depth - 1) for one in value] if depth else []
        return yaml.SequenceNode(LIST, each, mark, mark)
    if isinstance(value, bool):
        value = "true" if value else "false"
    return yaml.ScalarNode(TEXT, "" if value is None else str(value), mark, mark, style='"')
