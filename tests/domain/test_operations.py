"""Operations: a table and a shared file make consultations, or tell every fault in them."""

import re
import time
from pathlib import Path

import pytest

from server.consultations.errors import FileRefused
from server.consultations.files import ConsultationFile
from server.consultations.operations import Sheet, read
from server.consultations.records import MOST_FAULTS

PAGE = (Path(__file__).parents[2] / "docs" / "staff" / "operations.md").read_text("utf-8")
TABLE = re.findall(r"```csv\n(.*?)```", PAGE, re.S)[0]
SHARED = re.findall(r"```yaml\n(.*?)```", PAGE, re.S)[0]


def launched(table: str, shared: str | None = SHARED) -> list[ConsultationFile]:
    common = Sheet(shared.encode(), "commun.yaml") if shared is not None else None
    return read("debats", Sheet(table.encode(), "debats.csv"), common)


def faults(table: str, shared: str | None = SHARED) -> list[str]:
    """Return file, line and field of each fault."""
    with pytest.raises(FileRefused) as refused:
        launched(table, shared)
    return [":".join(line.split(":")[:3]) for line in refused.value.detail.splitlines()]


def test_the_table_and_the_shared_file_in_the_docs_can_be_copied() -> None:
    north, south = launched(TABLE)
    assert [one.consultation.slug for one in (north, south)] == ["nord", "sud"]
    assert [p.text for p in south.proposals] == [
        "Il faut planter des arbres en ville.",
        "Il faut ouvrir les cours d’école le samedi.",
    ]
    for one in (north.consultation, south.consultation):
        assert (one.operation, one.theme, one.proposing) == ("debats", "Territoires", True)
        assert [source.name for source in one.sources] == ["direct", "rmc"]
        assert str(one.opens) == "2027-01-12 09:00:00+01:00"


def test_a_table_of_thousands_of_columns_is_refused_at_once() -> None:
    """It took a worker, and all who voted there, 24 seconds."""
    began = time.process_time()
    assert faults(";".join(f"c{n}" for n in range(20_000)) + "\n") == ["debats.csv:1: file"]
    assert time.process_time() - began < 1


def test_of_very_many_faults_the_first_are_told() -> None:
    began = time.process_time()
    found = faults(TABLE, SHARED + "".join(f"unknown{n}: 1\n" for n in range(3000)))
    assert len(found) == MOST_FAULTS
    assert time.process_time() - began < 3
    assert len(faults("slug;closes\n" + "Â;b\n" * 200)) == MOST_FAULTS


@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_tables_of_other_spreadsheets_say_the_same(delimiter: str) -> None:
    other = "\ufeff" + TABLE.replace(";", delimiter).replace("\n", "\r\n")
    assert launched(other) == launched(TABLE)


def test_a_cell_goes_before_what_is_shared_and_an_empty_one_does_not() -> None:
    table = TABLE.replace("slug;", "theme;proposing;slug;").replace("nord;", "Rail;FAUX;nord;")
    table = table.replace("\nsud;", "\n;;sud;")
    north, south = (one.consultation for one in launched(table))
    assert (north.theme, north.proposing) == ("Rail", False)
    assert (south.theme, south.proposing) == ("Territoires", True)


def test_lines_without_a_word_are_no_consultations() -> None:
    assert len(launched(TABLE + ";;;;\n\n;;\n")) == 2


def test_every_fault_of_the_table_is_told_with_its_line() -> None:
    table = TABLE.replace("2027-03-12 18:00;Il", "12/03/2027;Il").replace("sud;", "nord;")
    assert faults(table) == ["debats.csv:2: closes", "debats.csv:3: slug"]
    assert faults(TABLE.replace("Il faut rouvrir", "On doit rouvrir")) == [
        "debats.csv:2: proposals[1].text"
    ]
    missing = TABLE.replace("slug;question", "slug;cause")
    assert faults(missing) == ["debats.csv:2: question", "debats.csv:3: question"]


def test_a_fault_of_the_shared_file_is_told_once() -> None:
    wrong = SHARED.replace("Europe/Paris", "Europe/Pariss")
    assert faults(TABLE, wrong) == ["commun.yaml:2: timezone"]


@pytest.mark.parametrize(
    ("table", "fault"),
    [
        ("", "debats.csv:1: file"),
        ("slug;question\n", "debats.csv:1: file"),
        ("slug;slug\na;b\n", "debats.csv:1: slug"),
        ("slug;couleur\na;b\n", "debats.csv:1: couleur"),
        ("slug;sources\na;b\n", "debats.csv:1: sources"),
        ("slug;question\na;b;c\n", "debats.csv:2: row"),
        ('slug;question\na;"b\n', "debats.csv:2: row"),
        ("slug\n" + "".join(f"a{n}\n" for n in range(201)), "debats.csv:202: row"),
    ],
)
def test_what_is_no_such_table_is_refused(table: str, fault: str) -> None:
    assert faults(table) == [fault]


def test_a_table_of_another_encoding_is_refused() -> None:
    with pytest.raises(FileRefused, match="UTF-8"):
        read("debats", Sheet(TABLE.encode("cp1252"), "debats.csv"))


def test_a_row_may_say_it_all() -> None:
    table = (
        "slug,question,language,timezone,opens,closes,proposals\n"
        "a,Why?,en,Europe/London,2027-01-12 09:00,2027-03-12 18:00,We should plant more trees\n"
    )
    (only,) = launched(table, None)
    assert only.consultation.language == "en"
