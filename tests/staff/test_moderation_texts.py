"""What a moderator reads, mends and notes of a proposal's text."""

import re

from server.consultations.consultation import Consultation
from server.store.store import Store
from tests.staff.conftest import Colleague, text
from tests.staff.moderators import QUEUE, SLUG, at
from tests.store.desk import let_pass, propose, published


def test_spelling_is_mended_within_the_rules_and_the_former_text_kept(
    nora: Colleague, store: Store, opened: Consultation
) -> None:
    (first,) = propose(store, opened, "chanté")
    nora.get(QUEUE)
    answer = nora.post(at(first), act="accept", text="Chantons davantage, <b>tous</b>")
    assert answer.status_code == 422
    assert "Le texte doit garder son début imposé." in text(answer)
    assert "Chantons davantage" in text(answer)  # nothing that was typed is lost
    nora.post(at(first), act="accept", text="Il faut chanter\r\ndavantage")
    let_pass(store, opened, first)
    store.moderation.decisions.settle(opened)
    assert published(store, opened)[first].text == "Il faut chanter davantage"
    page = text(nora.get(at(first)))
    assert "Il faut chanté davantage" in page
    assert "Acceptée, orthographe corrigée" in page


def test_an_unchanged_text_field_is_no_edit(
    nora: Colleague, store: Store, opened: Consultation
) -> None:
    (first,) = propose(store, opened, "chanter")
    nora.get(QUEUE)
    nora.post(at(first), act="accept", text="Il faut chanter davantage")
    assert not store.moderation.decisions.of(opened, [first])[first].edited


def test_labels_are_chosen_for_a_consultation_and_given_to_a_proposal(
    nora: Colleague, store: Store, opened: Consultation
) -> None:
    (first,) = propose(store, opened, "chanter")
    assert nora.get(f"{QUEUE}/batch").status_code == 200
    nora.post(f"{QUEUE}/{SLUG}/labels", labels="écoles\r\n\r\ntransports")
    assert store.moderation.tagging.labels(opened) == ("écoles", "transports")
    answer = nora.post(f"{QUEUE}/{SLUG}/labels", labels="x" * 31)
    assert answer.status_code == 422
    nora.post(at(first), act="tag", label="écoles")
    case = store.moderation.cases.one(opened, first)
    assert case
    assert case.labels == ("écoles",)


def test_hints_are_marked_in_the_text_and_said_in_words(
    nora: Colleague, store: Store, opened: Consultation
) -> None:
    propose(store, opened, "appeler le 06 12 34 56 78, bande de connards,")
    page = nora.get(QUEUE)
    said = page.get_data(as_text=True)
    assert re.search(r'<mark class="phone"[^>]*>06 12 34 56 78</mark>', said)
    assert re.search(r'<mark class="insult"[^>]*>connards</mark>', said)
    assert "peut-être un numéro de téléphone peut-être une insulte" in text(page)


def test_a_text_cannot_write_markup_into_the_page(
    nora: Colleague, store: Store, opened: Consultation
) -> None:
    propose(store, opened, "5 < 6 & \"7\" 'huit'")
    assert "5 &lt; 6 &amp; &#34;7&#34;" in nora.get(QUEUE).get_data(as_text=True)
