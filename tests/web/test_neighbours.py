"""What is similar: an index is built once, never half of two at once, and is let go in the end."""

from dataclasses import replace

import pytest
from flask import Flask

from server.consultations.consultation import Consultation, Proposal
from server.web import neighbours
from server.web.directory import Snapshot
from server.web.neighbours import Neighbours
from server.web.service import NAME

GONE, NEW = "Il faut semer des haies partout", "Il faut tailler les arbres en hiver"


def snapshot(app: Flask, opened: Consultation, *texts: str) -> Snapshot:
    """Return what a process sees when these are published beside 1000 others."""
    others = {n: Proposal(n, f"Il faut essayer le numéro {n}", "fr") for n in range(100, 1100)}
    first = {n: Proposal(n, text, "fr") for n, text in enumerate(texts, 1)}
    return replace(app.extensions[NAME].directory.find(opened.slug), accepted=others | first)


def texts(found: tuple[Proposal, ...]) -> list[str]:
    return [one.text for one in found]


def test_who_comes_while_it_is_built_builds_no_second_one(
    app: Flask, opened: Consultation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one who comes has newer texts; the older ones, taken in last, must not stay for good."""
    before, after = snapshot(app, opened, GONE), snapshot(app, opened, NEW)
    asked, met = Neighbours(), []

    def another_request(_: float) -> None:
        monkeypatch.setattr(neighbours.time, "sleep", lambda _: None)
        met.append(asked.of(after, NEW))

    monkeypatch.setattr(neighbours.time, "sleep", another_request)
    assert texts(asked.of(before, GONE))[:1] == [GONE]
    assert len(met) == 1, "it was asked in the middle of the build"
    assert met[0][:1] != [NEW], "it went on with what there was"
    assert texts(asked.of(after, NEW))[:1] == [NEW]
    (index,) = asked._indexes.values()
    assert len(index.similar) == len(after.accepted)


def test_an_index_that_nobody_asks_for_is_let_go(
    app: Flask, opened: Consultation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after the close; another consultation's stays."""
    asked, here = Neighbours(), snapshot(app, opened, GONE)
    other = replace(here, consultation=replace(opened, id="zz"))
    asked.of(here, GONE)
    later = neighbours.time.monotonic() + neighbours.IDLE + 1
    monkeypatch.setattr(neighbours.time, "monotonic", lambda: later)
    asked.of(other, GONE)
    assert list(asked._indexes) == ["zz"]
    assert texts(asked.of(here, GONE))[:1] == [GONE]
