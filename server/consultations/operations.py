"""Operations: consultations that are launched together, from one spreadsheet and what they share.

Each row is a consultation; what the rows do not say stands in a file like that of a consultation.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import yaml

from server.consultations import files, nodes
from server.consultations.consultation import Consultation
from server.consultations.errors import Fault, FileRefused, SlugTaken
from server.consultations.fault_codes import FaultCode
from server.consultations.featuring import demand_free
from server.consultations.file_followup import FOLLOWUP
from server.consultations.file_keys import CONSULTATION_KEYS
from server.consultations.file_partners import Beside, nothing_beside
from server.consultations.files import ConsultationFile
from server.consultations.records import MOST_FAULTS, decode, load

MOST = 200  # consultations
WIDEST = 2  # times as many columns as there are: what is wider is no such table
# A cell holds one value; of these several, each on a line of its own. What takes a list of keys
# to say is shared, or written in a file of its own.
LINES = "proposals"
SHARED_ONLY = {"sources", "partners", "answers", "deck", "reached", "operation", *FOLLOWUP}
COLUMNS = [key for key in CONSULTATION_KEYS if key not in SHARED_ONLY]
DELIMITERS = ";,\t"  # as spreadsheets write them in one country or another
# What spreadsheets make of true and false.
WORDS = {"TRUE": "true", "VRAI": "true", "FALSE": "false", "FAUX": "false"}


@dataclass(frozen=True)
class Row:
    """The cells of one consultation that are not empty, by column. `line` is where it begins."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Sheet:
    """A file as it was read, and its name."""

    content: bytes
    path: str


def read(
    operation: str, table: Sheet, shared: Sheet | None = None, beside: Beside = nothing_beside
) -> list[ConsultationFile]:
    """Return the consultations of an operation; raise `FileRefused` with all faults of one file.

    `beside` reads what lies beside the shared file, by name.
    """
    rows = _rows(table)
    common = _common(shared) if shared else []
    said = {key.value for key, _ in common}
    found: list[ConsultationFile] = []
    faults: list[Fault] = []
    of_shared: list[Fault] = []
    for row in rows:
        try:
            found.append(files.read(_node(operation, row, common), table.path, beside))
        except FileRefused as refusal:
            for fault in refusal.faults:
                of_it = _top(fault) in said and _top(fault) not in row.cells
                (of_shared if of_it else faults).append(fault)
    faults += _doubled(rows)
    if of_shared and shared:
        raise FileRefused(shared.path, sorted(set(of_shared), key=lambda fault: fault.line))
    if faults:
        first = sorted(faults, key=lambda fault: fault.line)[:MOST_FAULTS]
        raise FileRefused(table.path, first)
    return found


def missing(
    wanted: Iterable[ConsultationFile], known: Iterable[Consultation], now: datetime
) -> list[ConsultationFile]:
    """Return those that are not there yet; raise `SlugTaken` if something else is."""
    every = list(known)
    there = {one.slug: one for one in every}
    new = []
    for one in wanted:
        asked = one.consultation
        if asked.slug not in there:
            demand_free(asked, every, now)
            new.append(one)
            every.append(asked)
        elif not _same(there[asked.slug], asked):
            raise SlugTaken(
                f"There is another consultation “{asked.slug}”; nothing was created.", field="slug"
            )
    return new


def _same(there: Consultation, asked: Consultation) -> bool:
    """Whether it was created by this row, whatever has happened since."""
    return (there.operation, there.question) == (asked.operation, asked.question)


def _rows(table: Sheet) -> list[Row]:
    """Return the rows that say anything; raise `FileRefused` for what is no such table."""
    text = decode(table.content, table.path)
    delimiter = max(DELIMITERS, key=text.partition("\n")[0].count)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        head = [cell.strip() for cell in next(lines, [])]
        if len(head) > WIDEST * len(COLUMNS):
            message = f"has {len(head)} columns: at most {len(COLUMNS)}."
            raise FileRefused(table.path, [Fault(1, "file", message)])
        faults = list(_faults_of(head))
        rows = list(_each(lines, head, faults))
    except csv.Error as error:
        raise FileRefused(table.path, [Fault(lines.line_num, "row", f"{error}.")]) from None
    if not rows and not faults:
        faults.append(Fault(1, "file", "has no row below its head."))
    if len(rows) > MOST:
        faults.append(Fault(rows[MOST].line, "row", f"is one too many: at most {MOST}."))
    if faults:
        raise FileRefused(table.path, faults[:MOST_FAULTS])
    return rows


def _faults_of(head: list[str]) -> Iterator[Fault]:
    for name in head:
        if name not in COLUMNS:
            message = (
                "is for the shared file."
                if name in SHARED_ONLY
                else f"is no column here; known: {', '.join(COLUMNS)}."
            )
            yield Fault(1, name or "column", message)
    for name in {name for name in head if head.count(name) > 1}:
        yield Fault(1, name, "is there twice.")


def _each(lines: Iterable[list[str]], head: list[str], faults: list[Fault]) -> Iterator[Row]:
    line = 2
    for cells in lines:
        given = {name: cell.strip() for name, cell in zip(head, cells, strict=False)}
        if len(cells) > len(head) and any(cell.strip() for cell in cells[len(head) :]):
            faults.append(Fault(line, "row", "has more cells than the head."))
        kept = {name: WORDS.get(cell, cell) for name, cell in given.items() if cell}
        if kept:
            yield Row(line, kept)
        line = lines.line_num + 1  # type: ignore[attr-defined]  # a cell may hold several lines


def _common(shared: Sheet) -> list[tuple[yaml.Node, yaml.Node]]:
    root = load(shared.content, shared.path)
    if not isinstance(root, yaml.MappingNode):
        raise FileRefused(shared.path, [Fault(1, "file", "must have keys, as a consultation's.")])
    return list(root.value)


def _node(operation: str, row: Row, common: list[tuple[yaml.Node, yaml.Node]]) -> yaml.MappingNode:
    """Return the consultation of a row as if a file had said it."""
    own = {"operation": operation, **row.cells}
    given = {name: ideas(cell) if name == LINES else cell for name, cell in own.items()}
    node = nodes.mapping(given, row.line)
    node.value += [pair for pair in common if pair[0].value not in own]
    return node


def ideas(cell: str) -> list[dict[str, str]]:
    """Return the proposals of a text that has one on each line."""
    return [{"text": line.strip()} for line in cell.splitlines() if line.strip()]


def _top(fault: Fault) -> str:
    return re.split(r"[.\[]", fault.field)[0]


def _doubled(rows: list[Row]) -> Iterator[Fault]:
    first: dict[str, int] = {}
    for row in rows:
        slug = row.cells.get("slug", "")
        if slug and first.setdefault(slug, row.line) != row.line:
            yield Fault(
                row.line,
                "slug",
                f"is the same as on line {first[slug]}.",
                FaultCode.SAME,
                {"first": first[slug]},
            )
