"""Records: YAML read key by key, every fault kept with its line instead of only the first.

The readable part of YAML is enough for staff: what would make a file surprising (anchors, aliases,
tags, deep nesting) is refused before anything is built from it.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

import yaml

from server.consultations.errors import Fault, FileRefused
from server.consultations.fault_codes import FaultCode

# Bytes; 34 000 proposals take about 6 MB, the 100 000 of readers that may be kept beside them 20.
SIZE_LIMIT = 48 * 1024 * 1024
DEPTH_LIMIT = 8  # nested lists and keys; a consultation needs five
# libyaml when the wheel carries it: ten times faster, the same nodes.
Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Wrong(Exception):
    """A value that does not fit. The message says what would; so do a code and its values."""

    def __init__(self, message: str, code: str = "", **values: Any) -> None:
        super().__init__(message)
        self.code = code
        self.values = values


MOST_FAULTS = 200  # that are told at once: nobody mends more before looking again


class Reading:
    """The faults met so far while one file is read; the first ones of very many."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def fault(self, line: int, name: str, message: str, code: str = "", **values: Any) -> None:
        if not self.is_full:
            self.faults.append(Fault(line, name, message, code, values))

    @property
    def is_full(self) -> bool:
        return len(self.faults) >= MOST_FAULTS

    def wrong(self, line: int, name: str, wrong: Wrong) -> None:
        self.fault(line, name, str(wrong), wrong.code, **wrong.values)


Read = Callable[[Reading, yaml.Node, str], Any]


@dataclass(frozen=True)
class Key:
    """How one key is read, and whether it must be there."""

    read: Read
    required: bool = False


@dataclass(frozen=True)
class Record:
    """What could be read of one mapping; `lines` holds the line of every key that was given."""

    line: int
    name: str
    values: dict[str, Any] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)

    def get(self, key: str) -> Any:
        return self.values.get(key)

    def line_of(self, key: str) -> int:
        return self.lines.get(key, self.line)

    def field(self, key: str) -> str:
        return _join(self.name, key)


def load(content: bytes, path: str) -> yaml.Node:
    """Return the root node; raise `FileRefused` for what is not plain, readable YAML."""
    text = decode(content, path)
    try:
        faults = _unprintable(text) or _surprises(text)
        root = None if faults else yaml.compose(text, Loader=Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error)
        message = f"{problem} (a text with “: ” in it needs quotes around it)."
        faults, root = [Fault(mark.line + 1 if mark else 1, "yaml", message, FaultCode.YAML)], None
    if root is None:
        raise FileRefused(path, faults or [Fault(1, "yaml", "The file is empty.", FaultCode.EMPTY)])
    return root


def scalar(parse: Callable[[str], Any]) -> Read:
    """Read one value; whatever YAML takes it for (`no`, `12:30`), its text as written is parsed."""

    def read(reading: Reading, node: yaml.Node, name: str) -> Any:
        try:
            return parse(_text(node))
        except Wrong as wrong:
            reading.wrong(_line(node), name, wrong)
            return None

    return read


def listed(read_item: Read) -> Read:
    """Read a list, its items one by one, those with a fault left out."""

    def read(reading: Reading, node: yaml.Node, name: str) -> list[Any] | None:
        if not isinstance(node, yaml.SequenceNode) or not node.value:
            reading.fault(
                _line(node), name, "must be a list with something in it.", FaultCode.NO_LIST
            )
            return None
        items = (read_item(reading, n, f"{name}[{i}]") for i, n in enumerate(node.value, 1))
        return [item for item in items if item is not None]

    return read


def record(keys: Mapping[str, Key]) -> Read:
    """Read a mapping of these keys: unknown, doubled and missing ones are faults."""

    def read(reading: Reading, node: yaml.Node, name: str) -> Record | None:
        if not isinstance(node, yaml.MappingNode):
            reading.fault(
                _line(node),
                name or "file",
                f"must have keys: {', '.join(keys)}.",
                FaultCode.NO_KEYS,
            )
            return None
        found = Record(_line(node), name)
        for key_node, value_node in node.value:
            _read_key(reading, found, keys, key_node, value_node)
        for key in keys:
            if keys[key].required and key not in found.lines:
                reading.fault(found.line, found.field(key), "is missing.", FaultCode.MISSING)
        return found

    return read


def _read_key(
    reading: Reading, found: Record, keys: Mapping[str, Key], key: yaml.Node, value: yaml.Node
) -> None:
    name = key.value if isinstance(key, yaml.ScalarNode) else "key"
    if name not in keys:
        if reading.is_full:
            return  # what is like it is not looked up for nothing
        close = get_close_matches(name, keys, n=1)
        hint = f"did you mean “{close[0]}”?" if close else f"known keys: {', '.join(keys)}."
        told = (FaultCode.UNKNOWN_NEAR, close[0]) if close else (FaultCode.UNKNOWN, "")
        message = f"is no key here; {hint}"
        reading.fault(_line(key), found.field(name), message, told[0], near=told[1])
    elif name in found.lines:
        message = f"is there twice; first on line {found.lines[name]}."
        first = found.lines[name]
        reading.fault(_line(key), found.field(name), message, FaultCode.TWICE, first=first)
    else:
        found.lines[name] = _line(key)
        value_read = keys[name].read(reading, value, found.field(name))
        if value_read is not None:
            found.values[name] = value_read


def _text(node: yaml.Node) -> str:
    if not isinstance(node, yaml.ScalarNode):
        raise Wrong("must be one value, not a list or keys.", FaultCode.NOT_ONE)
    # Quoted, the word null is a word; bare, it is YAML's way to say nothing.
    if not node.value.strip() or (not node.style and node.tag == "tag:yaml.org,2002:null"):
        raise Wrong("is empty.", FaultCode.EMPTY)
    return str(node.value)


def decode(content: bytes, path: str) -> str:
    """Return the text of a file; raise `FileRefused` for what is none, or too long."""
    if len(content) > SIZE_LIMIT:
        message = f"is larger than {SIZE_LIMIT // 1024 // 1024} MB."
        raise FileRefused(
            path,
            [Fault(1, "file", message, FaultCode.TOO_LARGE, {"most": SIZE_LIMIT // 1024 // 1024})],
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise FileRefused(
            path, [Fault(line, "file", "is not UTF-8 text.", FaultCode.NO_TEXT)]
        ) from None


def _surprises(text: str) -> list[Fault]:
    """Return a fault for every anchor, alias and tag, and for nesting that goes too deep."""
    faults, depth = [], 0
    events: Iterator[Any] = yaml.parse(text, Loader=Loader)
    for event in events:
        line = event.start_mark.line + 1
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEPTH_LIMIT:
            return [Fault(line, "yaml", "is nested too deeply.", FaultCode.TOO_DEEP)]
        if getattr(event, "anchor", None):
            message = f"“{event.anchor}”: anchors and aliases (& and *) are not allowed."
            faults.append(Fault(line, "yaml", message, FaultCode.NOT_PLAIN))
        if getattr(event, "tag", None):
            message = f"“{event.tag}”: tags (!) are not allowed."
            faults.append(Fault(line, "yaml", message, FaultCode.NOT_PLAIN))
        if len(faults) >= MOST_FAULTS:
            break
    return faults


def _unprintable(text: str) -> list[Fault]:
    unprintable = re.compile(yaml.reader.Reader.NON_PRINTABLE)
    lines = enumerate(text.split("\n"), 1)
    message = "holds a character that cannot be printed."
    return [
        Fault(number, "yaml", message, FaultCode.UNPRINTABLE)
        for number, line in lines
        if unprintable.search(line)
    ]


def _line(node: Any) -> int:
    return int(node.start_mark.line) + 1


def _join(name: str, key: str) -> str:
    return f"{name}.{key}" if name else key
