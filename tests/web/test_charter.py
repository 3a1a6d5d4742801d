"""The charter is there for everybody, in every language that the booth speaks."""

import re
from dataclasses import replace
from html import escape

import pytest
from flask import Flask

from server.consultations.consultation import Consultation
from server.settings import Settings
from server.web.messages import written

LANGUAGES = list(written())


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Languages that nobody has signed yet are read as well."""
    return replace(settings, drafts=tuple(LANGUAGES))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_charter_is_there_in_each_language(app: Flask, lang: str) -> None:
    page = app.test_client().get(f"/charter?lang={lang}")
    assert page.headers["Content-Language"] == lang
    assert f'<html lang="{lang}" dir="{"rtl" if lang == "ar" else "ltr"}"' in page.text
    assert page.text.count("<li>") == 6 + 12
    for key in ("charterAll", "charterTold", "personal"):
        assert written()[lang].t(key) in page.text


def test_without_a_wish_it_is_in_the_browser_s_language(app: Flask) -> None:
    page = app.test_client().get("/charter", headers={"Accept-Language": "xx, de;q=0.8, en;q=0.5"})
    assert page.headers["Content-Language"] == "de"
    assert "Accept-Language" in page.vary


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_sheet_to_propose_leads_to_it_in_a_tab_of_its_own(
    app: Flask, proposing: Consultation, lang: str
) -> None:
    sheet = app.test_client().get(f"/e/{proposing.slug}/propose?source=rmc&lang={lang}").text
    (link,) = re.findall(r'<a class="rules"[^>]*>[^<]+</a>', sheet)
    assert f'target="_blank" rel="noopener" href="/charter?lang={lang}"' in link
    assert escape(written()[lang].t("readCharter")) in link
