"""Texts that no XML may hold are refused, and those that were kept before break no feed or picture."""

from datetime import UTC, datetime
from xml.etree import ElementTree as Xml

import pytest
from markupsafe import Markup

from server.consultations.records import Wrong
from server.consultations.values import line
from server.consultations.wording import objections
from server.web.atom import Entry, Feed, document
from server.web.charts.svg import Said, alone, picture, text

NOW = datetime(2027, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize("odd", ["\ufffe", "\uffff", "\ufdd0", "\ufdef", "\ud800"])
def test_what_is_no_character_is_refused_wherever_a_text_comes_from(odd: str) -> None:
    assert [one.code for one in objections(f"Il faut{odd} agir")] == ["odd-characters"]
    with pytest.raises(Wrong, match="control characters"):
        line(80)(f"La Maison{odd}")


@pytest.mark.parametrize("odd", ["\x01", "\ufffe", "\uffff", "\ud800"])
def test_a_kept_text_breaks_neither_a_feed_nor_a_picture(odd: str) -> None:
    said = f"Il faut{odd} agir"
    drawn = picture("one", Said(said, said), [text(0, 9, said)], 100, 20.0)
    found = [one.text for one in Xml.fromstring(alone(drawn, 200)).iter() if one.text]
    assert found[0] == "Il faut agir"
    entry = Entry("https://v.test/c/a", "x", said, NOW, Markup("<p>{}</p>").format(said), said)
    feed = Feed("https://v.test/f", "https://v.test", said, "fr", NOW, (entry,))
    read = Xml.fromstring(document(feed))
    assert read.findtext(".//{*}entry/{*}title") == "Il faut agir"
    assert read.findtext(".//{*}content") == "<p>Il faut agir</p>"
