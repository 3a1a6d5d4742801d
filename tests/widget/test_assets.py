"""What browsers are sent: small, under names that may be kept for ever, packed as they accept it."""

import gzip
import json
from dataclasses import replace
from pathlib import Path

import brotli
import pytest
from flask import Flask

import widget
from server.consultations.consultation import Consultation
from server.demo.app import QUESTION
from server.settings import Settings
from server.store.store import Store
from server.web import assets as module
from server.web.assets import Assets, build
from server.web.service import NAME
from tests.conftest import consultation, proposals

LANGUAGES = sorted(path.stem for path in (Path(widget.__file__).parent / "messages").glob("*.json"))
LOADER = 1_600  # bytes, gz
FRAME = 8_000  # bytes, gz: HTML, style sheet and script of a plain frame
EMBEDDED = 10_000  # bytes, gz: the same frame and the loader that put it there
TEXTS = (
    "Il faut que chaque entreprise consacre une part des gains de l’automatisation à former "
    "celles et ceux dont le métier change.",
    "Il faut un droit à la déconnexion garanti par les outils eux-mêmes.",
    "Il faut ouvrir les algorithmes de recrutement au contrôle public.",
    "Il faut des tiers-lieux dans chaque canton rural, ouverts à tous.",
)


@pytest.fixture(scope="module")
def made() -> Assets:
    return build()


def test_names_change_with_what_they_hold(made: Assets) -> None:
    again = build(debug=True)
    for name in ("booth.css", "page.css", "booth.fr.js", "booth.en.js"):
        assert made.url(name) != again.url(name)
        found = made.find(made.url(name).removeprefix("/assets/"))
        assert found
        assert found.etag in made.url(name)
        assert len(found.body) < len(again.files[again.hashed[name]].body)


def test_the_modules_of_a_console_page_are_one_script(made: Assets) -> None:
    """No page waits for one module to name the next; and the wheel brings every module."""
    asset = made.named("moderation.js")
    assert asset
    assert b"import" not in asset.body
    folder = module.STAFF / "moderation"
    assert len(list(folder.glob("*.js"))) > 5
    patterns = Path("setup.cfg").read_text().partition("server = ")[2].partition("\n")[0]
    packed = {path for one in patterns.split(", ") for path in module.STAFF.parents[1].glob(one)}
    assert set(folder.glob("*.js")) <= packed


def test_an_asset_that_does_not_exist_is_not_found(made: Assets) -> None:
    assert made.find("booth.0000000000000000.css") is None


def test_a_folder_of_assets_holds_all_that_a_web_server_needs(made: Assets, tmp_path: Path) -> None:
    made.write(tmp_path / "built")
    for path in (tmp_path / "built").glob("*.[cj]s*[!zr]"):
        plain = path.read_bytes()
        if path.name != "manifest.json":
            assert gzip.decompress(path.with_name(f"{path.name}.gz").read_bytes()) == plain
            assert brotli.decompress(path.with_name(f"{path.name}.br").read_bytes()) == plain
    manifest = json.loads((tmp_path / "built" / "manifest.json").read_text())
    assert {name: told["file"] for name, told in manifest.items()} == made.hashed
    for told in manifest.values():
        assert told["integrity"] == made.files[told["file"]].integrity


def test_what_was_built_is_served_and_to_debug_the_source_as_it_is(
    made: Assets, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wheel has its files ready; a checkout has not, and makes the same ones."""
    made.write(tmp_path / "built")
    style = next((tmp_path / "built").glob("page.*.css"))
    monkeypatch.setattr(module, "BUILT", tmp_path / "built")
    assert Assets.load() == made
    style.write_text("p{}")
    assert Assets.load().named("page.css").body == b"p{}"
    source = (Path(widget.__file__).parent / "page.css").read_bytes()
    assert Assets.load(debug=True).named("page.css").body == source


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("identity, *;q=0", None),
        (None, None),
    ],
)
def test_an_asset_travels_as_small_as_the_browser_takes_it(
    app: Flask, accepted: str | None, encoding: str | None
) -> None:
    found = app.extensions[NAME].assets
    headers = {"Accept-Encoding": accepted} if accepted else {}
    for url, body in (
        (found.url("booth.css"), found.named("booth.css").body),
        ("/embed/v1.js", found.loader.body),
    ):
        answer = app.test_client().get(url, headers=headers)
        unpack = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[encoding]
        assert answer.headers.get("Content-Encoding") == encoding
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert int(answer.headers["Content-Length"]) == len(answer.data)
        assert unpack(answer.data) == body


def test_the_loader_is_within_its_budget(made: Assets) -> None:
    assert len(made.loader.gzip) <= LOADER


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Languages that nobody has signed yet have to be as light."""
    return replace(settings, drafts=tuple(LANGUAGES))


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_that_the_first_vote_needs_is_within_its_budget(
    made: Assets, store: Store, app: Flask, language: str
) -> None:
    """Four real proposals, a media's colour, and a ticket: what an article loads."""
    opened = opened_with(store, TEXTS)
    html = app.test_client().get(f"/e/{opened.slug}?source=rmc&lang={language}").data
    assert f'<html lang="{language}"'.encode() in html
    asked = ["booth.css", f"booth.{language}.js"] + ["rtl.css"] * (b"rtl.css" in html)
    parts = [made.named(name).gzip for name in asked]
    sizes = [len(part) for part in (gzip.compress(html, 9), *parts)]
    assert sum(sizes) <= FRAME, sizes
    assert sum(sizes) + len(made.loader.gzip) <= EMBEDDED, sizes


def opened_with(store: Store, texts: tuple[str, ...]) -> Consultation:
    made = [
        replace(proposal, text=text, author="Awa", age=41)
        for proposal, text in zip(proposals(len(texts)), texts, strict=True)
    ]
    return store.consultations.create(consultation(question=QUESTION), made)
