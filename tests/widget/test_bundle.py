"""How modules become two scripts: nothing is lost, nothing is sent twice."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

import widget
from server.web.assets import build
from server.web.bundle import BundleError, bundle, bundles
from tests.widget.modules import MESSAGES, MODULES, written

FOLDER = Path(widget.__file__).parent
REAL = sorted((FOLDER / "src").glob("*.js"))
APART = [path for path in REAL if path.name.startswith(("check", "verify"))]
TOP_LEVEL = re.compile(r"^(?:export )?(?:async )?(?:const|let|function) (\w+)", re.MULTILINE)
HAND_OVER = 60  # bytes that the second script costs the first one


def names(script: str) -> Counter[str]:
    return Counter(TOP_LEVEL.findall(script))


def two(folder: Path, **changed: str) -> tuple[str, str]:
    main = written(folder, **changed)
    return bundles(main, main.with_name("more.js"), MESSAGES)


def test_top_level_names_are_unique_across_modules() -> None:
    """Scripts join the modules in one scope: a name used twice would break them."""
    found = names("\n".join(path.read_text() for path in REAL))
    assert [name for name, number in found.items() if number > 1] == []


@pytest.mark.parametrize("page", ["the booth", "the page that checks minutes"])
def test_every_module_is_sent_once_to_its_page_and_no_import_is_left(page: str) -> None:
    assets = build(debug=True)
    booth = page == "the booth"
    sent = ["booth.fr.js", "more.fr.js"] if booth else ["verify.fr.js", "checker.js"]
    text = "\n".join(assets.files[assets.hashed[name]].body.decode() for name in sent)
    # The two share the words, and nothing else.
    modules = [path for path in REAL if (path in APART) != booth or path.name == "words.js"]
    assert names(text) == names("\n".join(path.read_text() for path in modules))
    assert not re.search(r"^(import|export)\b", text, re.MULTILINE)


def test_the_second_script_holds_only_what_the_first_does_not(tmp_path: Path) -> None:
    first, second = two(tmp_path)
    assert names(first) == Counter(["WORDS", "say", "state", "remember", "recall", "count"])
    assert names(second) == Counter(["tell"])
    assert "self.isoloir = [recall, remember, say, WORDS];" in first
    assert "const [recall, remember, say, WORDS] = self.isoloir;" in second


def test_each_word_is_sent_with_the_script_that_says_it_first(tmp_path: Path) -> None:
    first, second = two(tmp_path)
    assert 'const WORDS = {"hello": "Bonjour"};' in first
    bye = json.dumps({"bye": MESSAGES["bye"]}, ensure_ascii=False)
    assert f"Object.assign(WORDS, {bye});" in second


def test_a_second_script_without_words_of_its_own_takes_none(tmp_path: Path) -> None:
    first, second = two(tmp_path, more='import { say } from "./words.js";\n\nsay("hello");\n')
    assert "self.isoloir = [say];" in first
    assert "WORDS" not in second


def test_the_second_script_costs_the_first_some_tens_of_bytes(tmp_path: Path) -> None:
    main = written(tmp_path)
    assert len(two(tmp_path)[0]) - len(bundle(main, MESSAGES)) <= HAND_OVER


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"more": 'import { count } from "./state.js";\n'}, r"\['count'\]"),
        ({"more": 'import { state } from "./state.js";\n'}, r"\['state'\]"),
        ({"more": 'import "./state.js";\n'}, 'import "./state.js"'),
        ({"more": 'import * as all from "./state.js";\n'}, "import \\* as all"),
        ({"state": MODULES["state"] + "export { state };\n"}, "export { state }"),
    ],
    ids=["a variable", "not exported", "no names", "a namespace", "a list of exports"],
)
def test_what_cannot_be_joined_is_refused(
    tmp_path: Path, changed: dict[str, str], fault: str
) -> None:
    with pytest.raises(BundleError, match=fault):
        two(tmp_path, **changed)


def test_a_booth_may_have_one_script_or_two_in_each_language(tmp_path: Path) -> None:
    written(_folder(tmp_path, "src"))
    for language in ("fr", "br"):
        path = _folder(tmp_path, "messages") / f"{language}.json"
        path.write_text(json.dumps(MESSAGES))
    (tmp_path / "more.css").write_text("p { color: red }")
    scripts = {f"{name}.{language}.js" for name in ("booth", "more") for language in ("fr", "br")}
    assert own(tmp_path) == {*scripts, "more.css"}
    (tmp_path / "src" / "more.js").unlink()
    assert own(tmp_path) == {"booth.br.js", "booth.fr.js", "more.css"}


def own(folder: Path) -> set[str]:
    """Return the names of a folder's assets, without what comes with every booth."""
    return {
        name
        for name in build(folder=folder).hashed
        if not name.startswith(("loader", "embed", "staff", "moderation"))
    }


def _folder(parent: Path, name: str) -> Path:
    (parent / name).mkdir(exist_ok=True)
    return parent / name
