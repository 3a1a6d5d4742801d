"""The two scripts of a booth, minified, in a browser: the second one finds the first."""

from pathlib import Path

import minify
import pytest

from server.web.bundle import bundles
from tests.browser.reading import Reader
from tests.widget.modules import MESSAGES, written


@pytest.mark.parametrize("small", [True, False], ids=["minified", "as written"])
def test_the_second_script_uses_the_state_and_the_words_of_the_first(
    reader: Reader, tmp_path: Path, small: bool
) -> None:
    main = written(tmp_path)
    page = reader.context.new_page()
    for script in bundles(main, main.with_name("more.js"), MESSAGES):
        content = minify.string("text/javascript", script) if small else script
        page.add_script_tag(content=content)
    page.wait_for_function("() => document.title")
    assert page.title() == "Bonjour, (Bonjour), Au revoir à tous"
