"""Bundles: modules of the booth and the console joined into classic scripts, with their words.

Modules would need CORS in a frame without an origin. Top-level names are unique across them, so
joining them in order of dependency is all that bundling takes. A second script, loaded any time
after the first, holds neither the modules nor the words of the first: what it imports from there
is handed over in one global list, and its own words are added to those of the first.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

IMPORT = re.compile(r'^import \{([^}]+)\} from "\./(\w+)\.js";\n', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async function|function|class|const|let) (\w+))", re.MULTILINE)
# The list holds values: what is assigned later would not reach the second script.
CHANGING = re.compile(r"^export let (\w+)", re.MULTILINE)
NOT_JOINED = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)
SAID = re.compile(r'\bsay\("(\w+)"')
WORDS = "const WORDS = {};"
HANDED = "self.isoloir"

Messages = Mapping[str, object]


class BundleError(Exception):
    """A module holds what joining would not keep true."""


def bundle(entry: Path, messages: Messages) -> str:
    """Return `entry` and the modules it imports as one script."""
    return _script(_with_words(_in_order(entry), messages))


def bundles(first: Path, second: Path, messages: Messages) -> tuple[str, str]:
    """Return the script of `first`, and that of `second` which needs the other to run before."""
    main = _in_order(first)
    more = [path for path in _in_order(second) if path not in main]
    words = _said(more, messages, but=_said(main, messages))
    handed = _imported(more, main) + ["WORDS"] * bool(words)
    return (
        _script(_with_words(main, messages), f"{HANDED} = [{', '.join(handed)}];\n"),
        _script(
            f"const [{', '.join(handed)}] = {HANDED};\n",
            f"Object.assign(WORDS, {_json(words)});\n" if words else "",
            _joined(more),
        ),
    )


def _script(*parts: str) -> str:
    return "".join(('(() => {\n"use strict";\n', *parts, "})();\n"))


def _with_words(paths: Iterable[Path], messages: Messages) -> str:
    return _joined(paths).replace(WORDS, f"const WORDS = {_json(_said(paths, messages))};")


def _said(paths: Iterable[Path], messages: Messages, but: Iterable[str] = ()) -> Messages:
    keys = {key for path in paths for key in SAID.findall(path.read_text())}
    return {key: messages[key] for key in sorted(keys.difference(but))}


def _imported(more: Iterable[Path], main: Iterable[Path]) -> list[str]:
    """Return what the modules of `more` import from those of `main`."""
    found = set()
    for path in more:
        for names, module in _imports(path):
            if module in main:
                found.update(names)
    fixed = {name for path in main for name in _exported(path)}
    if found - fixed:
        raise BundleError(f"not exported as a constant or function: {sorted(found - fixed)}")
    return sorted(found)


def _exported(path: Path) -> set[str]:
    text = path.read_text()
    return {*EXPORT.findall(text)} - {*CHANGING.findall(text)}


def _imports(path: Path) -> list[tuple[list[str], Path]]:
    """Return the names that a module imports, by module."""
    return [
        (re.findall(r"\w+", names), path.with_name(f"{module}.js"))
        for names, module in IMPORT.findall(path.read_text())
    ]


def _in_order(entry: Path) -> list[Path]:
    """Return the module and all that it needs, what is needed first."""
    return list(_visit(entry, set()))


def _visit(path: Path, seen: set[Path]) -> Iterator[Path]:
    if path in seen:
        return
    seen.add(path)
    for _, module in _imports(path):
        yield from _visit(module, seen)
    yield path


def _joined(paths: Iterable[Path]) -> str:
    text = "\n".join(EXPORT.sub("", IMPORT.sub("", path.read_text())) for path in paths)
    if line := NOT_JOINED.search(text):
        raise BundleError(f"cannot be joined: {line[0]}")
    return text


def _json(words: Messages) -> str:
    return json.dumps(words, ensure_ascii=False)
