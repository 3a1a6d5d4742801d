"""A consultation's file without a fault, and what is read of it with one."""

import re

import pytest

from server.consultations import files
from server.consultations.errors import FileRefused

GOOD = """\
slug: sommeil
question: Comment mieux dormir ?
language: fr
timezone: Europe/Paris
opens: 2027-01-01 09:00
closes: 2027-02-01 18:30
prefix: Il faut
sources:
  - name: rmc
    title: RMC
    publisher: rmc-bfm
    origins: [https://rmc.example.fr, "http://rmc.localhost:8100"]
    accent: "#C8102E"
  - name: bfm
    title: BFM
    publisher: rmc-bfm
    origins: [https://www.bfm.example:8443]
proposals:
  - text: Il faut éteindre les écrans le soir
    author: Zoé
    age: 31
  - text: "  Il faut commencer l'école plus tard "
    id: 1
    language: en
    central: p-77
  - {text: "Il faut autoriser la sieste : vraiment", state: pending}
"""


def parse(text: str) -> files.ConsultationFile:
    return files.parse(text.encode(), "f.yaml")


def faults(text: str | bytes) -> list[tuple[int, str]]:
    """Return the line and field of each fault, in their order."""
    with pytest.raises(FileRefused) as refused:
        files.parse(text if isinstance(text, bytes) else text.encode(), "f.yaml")
    return [(fault.line, fault.field) for fault in refused.value.faults]


def with_line(start: str, line: str) -> str:
    """Return the good file with the line that begins with `start` replaced."""
    changed = re.sub(rf"(?m)^{re.escape(start)}.*$", line.replace("\\", r"\\"), GOOD, count=1)
    assert changed != GOOD
    return changed
