"""Anybody checks minutes on /verify, in their own browser, which then asks nobody anything."""

import base64
import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from server.cli.minutes import signed_by
from server.consultations.minutes import signed_part, totals
from server.consultations.minutes_files import faults, parse
from server.consultations.rows import checksum, compact
from server.keyring import PublicKey, Signer
from server.web.messages import written as spoken
from tests.browser import layout
from tests.browser.conftest import PATIENCE
from tests.browser.reading import Reader
from tests.browser.service import Service
from tests.browser.test_axe import faults as axe
from tests.minutes.conftest import KEY, OTHER_KEY, public
from tests.minutes.test_files import CONTRADICTIONS, HOSTILE
from tests.minutes.writing import changed, minutes, written

FRENCH = spoken()["fr"]
GIVEN = FRENCH.t("verifyKeyGivenHere")
OURS = f"whpk_{public(KEY).base64}"
PEM = (
    "-----BEGIN PUBLIC KEY-----\n"
    + base64.b64encode(bytes.fromhex("302a300506032b6570032100") + public(KEY).raw).decode()
    + "\n-----END PUBLIC KEY-----\n"
)
ENOUGH = 900_000  # bytes of a file that is refused before its end
# How many frames are painted while a file is being checked. On the page itself: one.
COUNT_FRAMES = """() => {
  self.painted = 0;
  const form = document.getElementById("check");
  const look = () => {
    if (form.ariaBusy === "true") self.painted += 1;
    else if (self.painted) return;
    requestAnimationFrame(look);
  };
  look();
}"""
# UTF-16 puts the emoji before U+FFFD; what JSON escapes, and what it might but does not.
ODD = 'é "\\" \x00\x1f\x7f \u2028 \u202e \ufffd \ufb01 \U0001f5f3 </script> __proto__'


@pytest.fixture(scope="module")
def visitor(browser: Browser, live: Service) -> Iterator[Reader]:
    """One page for all: whatever it was given before, each answer is about what it is given."""
    context = browser.new_context(viewport={"width": 640, "height": 900}, locale="fr-FR")
    context.set_default_timeout(PATIENCE)
    found = Reader(context)
    found.open(f"{live.url}/verify?lang=fr")
    expect(context.pages[0].locator("#check")).to_be_visible()
    context.set_offline(True)  # from here on there is nobody to ask
    yield found
    context.close()
    assert found.complaints == []


@pytest.fixture
def page(visitor: Reader) -> Iterator[Page]:
    """The page, given nothing. Once it had loaded, it asked for nothing."""
    before = len(visitor.requests)
    (page,) = visitor.context.pages
    page.locator("#given").evaluate("(it) => { it.value = ''; }")
    yield page
    assert visitor.requests[before:] == []


def drop(page: Page, *contents: bytes, key: str | None = None) -> list[dict[str, Any]]:
    """Give the page files and a key; return what it then shows of each."""
    page.locator("#given").evaluate("(it, text) => { it.value = text; }", key or "")
    page.locator("#verdicts").evaluate("(it) => it.replaceChildren()")
    files = [
        FilePayload(name=f"{number}.json", mimeType="application/json", buffer=content)
        for number, content in enumerate(contents, 1)
    ]
    page.locator("#files").set_input_files(files)
    return shown(page, len(contents))


def shown(page: Page, number: int) -> list[dict[str, Any]]:
    expect(page.locator(".verdict")).to_have_count(number)
    found: list[dict[str, Any]] = page.evaluate(
        """() => [...document.querySelectorAll(".verdict")].map((it) => {
          const texts = (name) => [...it.querySelectorAll(`.${name} li`)].map((li) => li.textContent);
          return { state: it.dataset.state, proofs: texts("proofs"), doubts: texts("doubts"), says: texts("says") };
        })"""
    )
    return found


def signed(change: Callable[[Any], object], key: str = KEY) -> bytes:
    """Return minutes that were changed and then signed, as whoever holds the key could."""
    document = json.loads(changed(change))
    signer = Signer.parse(key)
    document["signature"] |= {"key": signer.key.id, "publicKey": signer.key.base64}
    value = signer.sign(signed_part(document))
    document["signature"]["value"] = base64.b64encode(value).decode()
    return compact(document)


def test_minutes_of_the_teller_are_proven_and_one_changed_digit_is_not(
    page: Page, live: Service
) -> None:
    """With the key that this service publishes, offline, before anything was pasted."""
    slug = live.open()
    live.fill(slug, (3, 1, 0))
    live.close(slug)
    found = live.store.minutes.read(live.store.consultations.by_slug(slug))
    assert found
    content = b"".join(found.pieces())
    indented = json.dumps(json.loads(content), indent=2).encode()
    forged = content.replace(b'"count":3', b'"count":4', 1)
    honest, tidy, wrong = drop(page, content, indented, forged)
    assert honest["state"] == tidy["state"] == "proven"
    assert honest["doubts"] == []
    assert len(honest["proofs"]) == 2
    assert "Votes : 4. Votants : 4." in " ".join(honest["says"]).replace("\u202f", " ")
    assert wrong["state"] == "doubted"
    key = json.loads(content)["signature"]["key"]
    assert FRENCH.t("verifyChanged", signer=key) in wrong["doubts"]


def test_a_key_from_elsewhere_counts_in_every_form_and_takes_the_place_of_ours(page: Page) -> None:
    published = json.dumps({"keys": [{"algorithm": "Ed25519", "publicKey": public(KEY).base64}]})
    for key in (OURS, f"  {public(KEY).base64}\n", PEM, published):
        (found,) = drop(page, written(), key=key)
        assert found["state"] == "proven", (key, found)
        assert FRENCH.t("verifyKeyGivenHere") in found["proofs"][0]
    for key in ("", f"whpk_{public(OTHER_KEY).base64}"):
        (found,) = drop(page, written(), key=key)
        assert found["state"] == "doubted"
        assert found["doubts"][-1] == FRENCH.t("verifyOwnKey")
        assert f"clé {public(KEY).id}, et non" in found["doubts"][0]


@pytest.mark.parametrize(
    ("key", "told"), [(KEY, "verifyPrivateKey"), ("whpk_abc", "verifyNoKey"), ("{", "verifyNoKey")]
)
def test_what_is_no_public_key_is_refused(page: Page, key: str, told: str) -> None:
    (found,) = drop(page, written(), key=key)
    assert (found["state"], found["doubts"]) == ("refused", [FRENCH.t(told)])


def test_whatever_a_file_may_say_is_written_as_it_was_signed(page: Page) -> None:
    """Odd characters, and names that a browser would sort, drop or take for something else."""
    names = ["z\U0001f5f3", "z\ufffd", "z", "é", "2", "10", "__proto__", "constructor", '"\\']

    def change(document: Any) -> None:
        document["reason"] = document["consultation"]["question"] = ODD
        document["voters"]["sources"] |= dict.fromkeys(names, 2**40)
        document["voters"]["total"] += len(names) * 2**40
        document["rows"][-1]["source"] = names[0]
        document["rows"].append(document["rows"][-1] | {"proposal": "\U0001f5f3"})
        document["rows"].append(document["rows"][-1] | {"proposal": "\uffee"})
        document["rows"].sort(key=lambda row: (row["proposal"], row["source"]))
        document["checksum"] = checksum(document["rows"])

    content = signed(change)
    (found,) = drop(page, content, key=OURS)
    document = parse(content)
    assert signed_by(document, public(KEY))
    assert [line.split(".")[0] for line in faults(document)] == [
        "The totals are not the sums of the rows"
    ]
    assert found["doubts"] == [FRENCH.t("verifyTotals")]
    assert FRENCH.t("verifySigned", signer=public(KEY).id, origin=GIVEN) in found["proofs"]
    assert not set("\x00\x1f\u2028\u202e") & set("".join(found["says"]))


def test_each_contradiction_under_a_right_signature_is_told_as_the_command_tells_it(
    page: Page,
) -> None:
    told = {
        "every earlier": "verifyChain",
        "order": "verifyOrder",
        "checksum": "verifyChecksum",
        "sums of the rows": "verifyTotals",
        "more verified": "verifyCounts",
        "do not name": "verifySources",
        "over the sources": "verifyVoters",
    }
    changes = [change for change, _ in CONTRADICTIONS.values()]
    changes.append(lambda document: document["rows"][0].update(source="nowhere"))
    contents = [signed(change) for change in changes]
    seen = set()
    for content, found in zip(contents, drop(page, *contents, key=OURS), strict=True):
        by_command = {
            FRENCH.t(told[word]) for line in faults(parse(content)) for word in told if word in line
        }
        assert set(found["doubts"]) == by_command
        assert found["state"] == "doubted"
        seen |= by_command
    assert seen == set(map(FRENCH.t, told.values()))


def test_what_the_command_refuses_is_refused_here_and_some_that_a_browser_cannot_hold(
    page: Page,
) -> None:
    text = written().decode()
    files = [content[:ENOUGH] for content, _ in HOSTILE.values()]
    files.append(b"\xef\xbb\xbf" + written())  # a mark of bytes before it
    files.append(text.replace('"version":1', '"version":01', 1).encode())
    files.append(text.replace('"reason":null', '"reason":"a\nb"', 1).encode())
    files.append(b'{"__proto__":{"format":"isoloir-minutes/1"}}')
    files.append(text.replace('"version":1', '"version":9007199254740993', 1).encode())
    found = drop(page, *files, key=OURS)
    assert [one["state"] for one in found] == ["refused"] * len(files)
    assert all(len(one["doubts"]) == 1 for one in found)
    assert FRENCH.t("verifyBigNumber", number="9007199254740993") == found[-1]["doubts"][0]


def test_versions_dropped_together_are_checked_to_follow_each_other(page: Page) -> None:
    first = written()
    second = compact(minutes(earlier=(first,), reason="Des votes d’un automate"))
    named = hashlib.sha256(first).hexdigest()
    one, two = drop(page, first, second, key=OURS)
    assert one["state"] == two["state"] == "proven"
    assert FRENCH.t("verifyEarlierHere", version=1, name="1.json") in two["proofs"]
    assert FRENCH.t("verifyFollows", version=1, sha256=named) in two["says"]
    another = signed(lambda document: document.update(deployment="autre"))
    one, two = drop(page, another, second, key=OURS)
    assert one["state"] == "proven"
    assert two["doubts"] == [FRENCH.t("verifyEarlierOther", version=1, name="1.json")]


def test_a_large_file_is_checked_while_the_page_stays_alive(page: Page) -> None:
    """10 000 rows. The page goes on painting: its frames do not wait for the worker."""

    def change(document: Any) -> None:
        row = document["rows"][0]
        document["rows"] = [row | {"proposal": f"essai:{n:06}"} for n in range(10_000)]
        document["totals"] = totals(document["rows"])
        document["checksum"] = checksum(document["rows"])

    content = signed(change)
    assert len(content) > 8_000_000
    page.evaluate(COUNT_FRAMES)
    (found,) = drop(page, content, key=OURS)
    assert (found["state"], found["doubts"]) == ("proven", [])
    assert page.evaluate("() => self.painted") > 10


def test_a_file_too_large_is_refused_kindly_without_being_read(page: Page) -> None:
    """Dropped on the page, as a hand does it; a file of nothing, so that the test is quick."""
    page.locator("#verdicts").evaluate("(it) => it.replaceChildren()")
    page.evaluate(
        """() => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File([new Uint8Array(2 ** 28 + 1)], "all.json"));
          document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
        }"""
    )
    (found,) = shown(page, 1)
    assert found["doubts"] == [FRENCH.t("verifyTooLarge", size=256)]


def test_a_pasted_text_is_checked_by_keyboard_and_focus_goes_to_the_verdict(page: Page) -> None:
    page.locator("#verdicts").evaluate("(it) => it.replaceChildren()")
    page.locator("summary", has_text=FRENCH.t("verifyKeyElsewhere")).press("Enter")
    page.locator("#given").fill(OURS)
    page.locator("summary", has_text=FRENCH.t("verifyPaste")).press("Enter")
    page.locator("#pasted").fill(written().decode())
    page.locator("button.check").press("Enter")
    (found,) = shown(page, 1)
    assert found["state"] == "proven"
    expect(page.locator(".verdict h2")).to_be_focused()
    page.locator("#pasted").fill("")


@pytest.mark.parametrize(("lang", "theme"), [("fr", "light"), ("ar", "dark")])
def test_axe_finds_no_fault_on_a_small_phone(
    browser: Browser, live: Service, lang: str, theme: Any
) -> None:
    """With everything open, a proven file, a doubted one and a refused one."""
    context = browser.new_context(viewport={"width": 320, "height": 4000}, color_scheme=theme)
    page = context.new_page()
    page.goto(f"{live.url}/verify?lang={lang}")
    page.locator("#check").wait_for()
    for summary in page.locator("summary").all():
        summary.click()
    drop(page, written(), written(OTHER_KEY), b"[]", key=OURS)
    assert axe(page, whole=True) + layout.faults(page) == []
    context.close()


def test_a_browser_that_cannot_check_says_so_and_names_the_command(
    browser: Browser, live: Service
) -> None:
    """One without Ed25519, and one without scripts."""
    context = browser.new_context()
    context.route(
        "**/verify/checker.*.js",
        lambda route: route.fulfill(
            content_type="text/javascript",
            body="crypto.subtle.importKey = async () => { throw new Error(); };\n"
            + route.fetch().text(),
            headers={"Cross-Origin-Embedder-Policy": "require-corp"},
        ),
    )
    old = context.new_page()
    old.goto(f"{live.url}/verify?lang=fr")
    expect(old.locator(".if-script")).to_have_text(FRENCH.t("verifyUnable"))
    expect(old.locator(".if-script")).to_be_visible()
    expect(old.locator("#check")).to_be_hidden()
    context.close()
    context = browser.new_context(java_script_enabled=False)
    bare = context.new_page()
    bare.goto(f"{live.url}/verify?lang=fr")
    expect(bare.locator("noscript .unable")).to_have_text(FRENCH.t("verifyNoScript"))
    expect(bare.locator(".if-script")).to_be_hidden()
    expect(bare.locator(".command")).to_have_text("isoloir minutes verify minutes.json")
    context.close()


def test_neither_the_page_nor_its_worker_has_anywhere_to_send_a_file(
    browser: Browser, live: Service
) -> None:
    context = browser.new_context()
    page = context.new_page()
    with page.expect_response("**/verify/checker.*.js") as worker:
        answer = page.goto(f"{live.url}/verify?lang=fr")
    assert answer
    for policy in (answer.headers, worker.value.headers):
        assert "default-src 'none'" in policy["content-security-policy"]
        assert "connect-src 'none'" in policy["content-security-policy"]
    assert "form-action 'none'" in answer.headers["content-security-policy"]
    sent = page.evaluate("() => fetch('/health/live').then(() => true, () => false)")
    assert sent is False
    keys = [PublicKey.parse(key) for key in json.loads(page.locator("#known").inner_text())["keys"]]
    assert keys
    context.close()
