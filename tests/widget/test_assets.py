"""What browsers are sent: small, one classic script, under names that may be kept for ever."""

import re
from collections import Counter
from gzip import compress
from pathlib import Path

import pytest
from flask import Flask

import widget
from server.consultations.consultation import Consultation
from server.demo.app import QUESTION
from server.store.store import Store
from server.web.assets import Assets, bundle
from tests.conftest import consultation, proposals

MODULES = sorted((Path(widget.__file__).parent / "src").glob("*.js"))
TOP_LEVEL = re.compile(r"^(?:export )?(?:async )?(?:const|let|function) (\w+)", re.MULTILINE)
FRAME = 8_000  # bytes, gz: HTML, style sheet and script of a plain frame
LOADER = 1_600  # bytes, gz
TEXTS = (
    "Il faut que chaque entreprise consacre une part des gains de l’automatisation à former "
    "celles et ceux dont le métier change.",
    "Il faut un droit à la déconnexion garanti par les outils eux-mêmes.",
    "Il faut ouvrir les algorithmes de recrutement au contrôle public.",
    "Il faut des tiers-lieux dans chaque canton rural, ouverts à tous.",
)


@pytest.fixture(scope="module")
def assets() -> Assets:
    return Assets.load()


def test_top_level_names_are_unique_across_modules() -> None:
    """The bundle joins the modules in one scope: a name used twice would break it."""
    names = Counter(name for path in MODULES for name in TOP_LEVEL.findall(path.read_text()))
    assert [name for name, number in names.items() if number > 1] == []


def test_every_module_is_in_the_bundle_once_and_no_import_is_left() -> None:
    text = bundle(MODULES[0].with_name("main.js"))
    for path in MODULES:
        for name in TOP_LEVEL.findall(path.read_text()):
            assert len(re.findall(rf"^(?:async )?\w+ {name}\b", text, re.MULTILINE)) == 1
    assert not re.search(r"^(import|export) ", text, re.MULTILINE)


def test_names_change_with_what_they_hold(assets: Assets) -> None:
    again = Assets.load(debug=True)
    for name in ("booth.css", "page.css", "booth.fr.js", "booth.en.js"):
        assert assets.url(name) != again.url(name)
        found = assets.find(assets.url(name).removeprefix("/assets/"))
        assert found
        assert found.etag in assets.url(name)
        assert len(found.body) < len(again.files[again.hashed[name]].body)


def test_an_asset_that_does_not_exist_is_not_found(assets: Assets) -> None:
    assert assets.find("booth.0000000000000000.css") is None


def test_the_loader_is_within_its_budget(assets: Assets) -> None:
    assert len(assets.loader.gzip) <= LOADER


def test_a_plain_frame_is_within_its_budget(assets: Assets, store: Store, app: Flask) -> None:
    """Four real proposals, a media's colour, and a ticket: what an article loads."""
    opened = opened_with(store, TEXTS)
    html = app.test_client().get(f"/e/{opened.slug}?source=rmc").data
    parts = [assets.files[assets.hashed[name]].gzip for name in ("booth.css", "booth.fr.js")]
    sizes = [len(part) for part in (compress(html, 9), *parts)]
    assert sum(sizes) <= FRAME, sizes


def opened_with(store: Store, texts: tuple[str, ...]) -> Consultation:
    from dataclasses import replace

    made = [
        replace(proposal, text=text, author="Awa", age=41)
        for proposal, text in zip(proposals(len(texts)), texts, strict=True)
    ]
    return store.consultations.create(consultation(question=QUESTION), made)
