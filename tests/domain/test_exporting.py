"""What was changed, in whatever order, is exported and read back as the same."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.consultations import changing, files, steering
from server.consultations.consultation import MOST_SOURCES, Consultation, Proposal, Source
from server.consultations.errors import ChangeRefused, FileRefused
from server.consultations.exporting import exported
from server.consultations.file_content import ConsultationFile
from server.consultations.redefining import redefined

PARIS = ZoneInfo("Europe/Paris")
OPENS = datetime(2027, 1, 10, 9, tzinfo=PARIS)
DAY = timedelta(days=1)
TITLES = ("rmc", "bfm", "zzz", "ouest", "sud")


def source(name: str, **more: Any) -> dict[str, Any]:
    return {
        "name": name, "title": name.upper(), "publisher": "x", "origins": [f"https://{name}.fr"],
        **more,
    }  # fmt: skip


def announced(*names: str) -> Consultation:
    asked = Consultation(
        "c", "sommeil", "Comment mieux dormir ?", "fr", OPENS, OPENS + 30 * DAY,
        prefix="Il faut", boxes=4, proposing=True, proposals_until=OPENS + 20 * DAY,
    )  # fmt: skip
    return redefined(asked, {"sources": [source(name) for name in names]})[0]


def kept(asked: Consultation) -> ConsultationFile:
    return ConsultationFile(asked, (Proposal(1, "Il faut ouvrir plus tôt", "fr", "Zoé", 31),))


def named(asked: Consultation) -> list[str]:
    return [one.name for one in asked.sources]


def back(asked: Consultation) -> Consultation:
    return files.parse(exported(kept(asked)).encode(), "export").consultation


@pytest.mark.parametrize("names", [("zzz", "rmc", "bfm"), ("bfm",), ("bfm", "ouest", "rmc")])
def test_sources_that_were_moved_or_taken_out_are_exported_in_their_order(
    names: tuple[str, ...],
) -> None:
    asked = redefined(announced("rmc", "bfm"), {"sources": [source(one) for one in names]})[0]
    found = back(asked)
    assert named(found) == named(asked)
    assert [one.number for one in found.sources] == [1, *range(2, len(names) + 2)]


def test_a_source_keeps_its_number_and_no_number_passes_what_a_ballot_holds() -> None:
    asked = announced("rmc")
    for turn in range(MOST_SOURCES + 5):
        wanted = [source(f"t{turn}"), source("rmc")]
        asked = redefined(asked, {"sources": wanted})[0]
        numbers = {one.name: one.number for one in asked.sources}
        assert numbers["rmc"] == 2
        assert len(set(numbers.values())) == 3
        assert max(numbers.values()) <= MOST_SOURCES


WISHES = st.fixed_dictionaries(
    {},
    optional={
        "sources": st.one_of(
            st.none(),
            st.lists(
                st.builds(source, st.sampled_from(TITLES), blocked=st.sampled_from(["true", "false"])),
                min_size=1,
                unique_by=lambda one: one["name"],
            ),
        ),
        "question": st.sampled_from(["Comment dormir mieux ?", "Dormir, comment ?"]),
        "language": st.sampled_from(["fr", "en"]),
        "kind": st.sampled_from([None, "citizens-question"]),
        "timezone": st.sampled_from(["Europe/Paris", "America/New_York", "UTC"]),
        "opens": st.sampled_from(["2027-01-09 08:00", "2027-01-10 09:00"]),
        "closes": st.sampled_from(["2027-02-09 08:00", "2027-03-28 02:30:00+02:00"]),
        "proposals-until": st.sampled_from([None, "2027-01-20"]),
        "prefix": st.sampled_from([None, "Il faut", "On devrait"]),
        "theme": st.sampled_from([None, "Santé"]),
        "results": st.sampled_from([None, "always", "at-close"]),
        "retention": st.sampled_from([None, "10"]),
        "proposing": st.sampled_from([None, "true"]),
        "afterwards": st.sampled_from([None, "Un atelier suivra."]),
        "deck": st.sampled_from([None, {"size": "5"}]),
        "partners": st.sampled_from([None, [{"role": "media", "name": "RMC"}]]),
    },
)  # fmt: skip


@settings(deadline=None, max_examples=40)
@given(st.lists(WISHES, max_size=5), st.sampled_from([OPENS - 9 * DAY, OPENS + DAY]))
def test_whatever_may_be_changed_leaves_something_to_export(
    changes: list[dict[str, Any]], now: datetime
) -> None:
    asked = announced("rmc", "bfm")
    for wishes in changes:
        try:
            new = redefined(asked, wishes)[0]
            changing.demand_allowed(asked, new, now)
        except (FileRefused, ChangeRefused):
            continue
        asked = new
    found = back(asked)
    assert named(found) == named(asked)
    alike = replace(found, id=asked.id, sources=asked.sources)
    assert changing.changed(asked, alike) == []


@pytest.mark.parametrize("deed", [steering.closed, steering.vote_only])
def test_what_is_opened_and_ended_within_a_second_is_exported(deed: Any) -> None:
    opened = steering.opened(announced("rmc"), OPENS - DAY)
    asked = deed(opened, OPENS - DAY)
    found = back(asked)
    assert found.closes == asked.closes
    assert found.proposals_until == asked.proposals_until
    assert asked.phase(OPENS - DAY) is deed(opened, OPENS).phase(OPENS)


def test_a_source_of_before_is_itself() -> None:
    asked = announced("rmc", "bfm")
    moved = redefined(asked, {"sources": [source("bfm"), source("rmc")]})[0]
    assert set(moved.sources) == set(asked.sources)
    assert isinstance(moved.sources[1], Source)
