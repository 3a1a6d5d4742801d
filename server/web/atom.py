"""Atom (RFC 4287): feeds as XML, from entries that know nothing of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree as Xml

from flask import Response, request
from markupsafe import Markup

from server.version import VERSION
from server.web.lawful import lawful

ATOM = "http://www.w3.org/2005/Atom"
MIMETYPE = "application/atom+xml"
# A proposal that staff take down is out of every cache within seconds; a program that asks again
# has its ETag.
SHORTLY = "public, max-age=4"
PUBLISHER = "Isoloir"
Xml.register_namespace("", ATOM)


@dataclass(frozen=True)
class Entry:
    """Something that happened. Its page and its name there, together, are unique for ever."""

    page: str  # address
    name: str
    title: str
    at: datetime
    html: Markup
    author: str | None = None

    @property
    def id(self) -> str:
        return f"{self.page}#{self.name}"


@dataclass(frozen=True)
class Feed:
    """`address` is its own, `page` that of what it is about; `since` when nothing happened yet."""

    address: str
    page: str
    title: str
    language: str
    since: datetime
    entries: tuple[Entry, ...]


def newest_first(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=lambda entry: entry.at, reverse=True))


def atom(feed: Feed) -> Response:
    return answered(document(feed), MIMETYPE)


def document(feed: Feed) -> bytes:
    written: bytes = Xml.tostring(_document(feed), encoding="utf-8", xml_declaration=True)
    return written


def answered(document: bytes, mimetype: str, cache: str = SHORTLY) -> Response:
    """Return a feed that caches keep for seconds, and that costs nothing if it is the same."""
    response = Response(document, content_type=f"{mimetype}; charset=utf-8")
    response.headers["Cache-Control"] = cache
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.add_etag()
    response.make_conditional(request)
    return response


def written(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _document(feed: Feed) -> Xml.Element:
    made = Xml.Element(_tag("feed"), {"xml:lang": feed.language})
    _add(made, "id", feed.page)
    _add(made, "title", feed.title)
    _add(made, "updated", written(feed.entries[0].at if feed.entries else feed.since))
    _add(made, "link", rel="self", href=feed.address, type=MIMETYPE)
    _add(made, "link", rel="alternate", href=feed.page, type="text/html")
    _add(made, "generator", PUBLISHER, version=VERSION)
    _name(made, PUBLISHER)
    for entry in feed.entries:
        made.append(_entry(entry))
    return made


def _entry(entry: Entry) -> Xml.Element:
    made = Xml.Element(_tag("entry"))
    _add(made, "id", entry.id)
    _add(made, "title", entry.title)
    _add(made, "published", written(entry.at))
    _add(made, "updated", written(entry.at))
    _add(made, "link", rel="alternate", href=entry.page, type="text/html")
    _add(made, "content", str(entry.html), type="html")
    if entry.author:
        _name(made, entry.author)
    return made


def _name(parent: Xml.Element, name: str) -> None:
    Xml.SubElement(Xml.SubElement(parent, _tag("author")), _tag("name")).text = lawful(name)


def _add(parent: Xml.Element, name: str, text: str | None = None, **attributes: str) -> None:
    Xml.SubElement(parent, _tag(name), attributes).text = text and lawful(text)


def _tag(name: str) -> str:
    return f"{{{ATOM}}}{name}"
