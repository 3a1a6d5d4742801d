"""Crawlers: what search engines may read, and where it is."""

from xml.etree import ElementTree as Xml

from flask import Blueprint, Response

from server.web import home
from server.web.calendars import address
from server.web.service import service

blueprint = Blueprint("crawlers", __name__)

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
HOURLY = "public, max-age=3600"
# Frames are parts of articles, and what the API says changes with every vote. Of 34 000 proposals the
# results have 680 pages in each language, through each source: the first one leads to them all.
ROBOTS = """\
User-agent: *
Disallow: /api/
Disallow: /e/
Disallow: /staff
Disallow: /c/*/results?*page=
Sitemap: {own}/sitemap.xml
"""


@blueprint.get("/robots.txt")
def robots() -> Response:
    return _kept(ROBOTS.format(own=service().settings.public_url), "text/plain")


@blueprint.get("/sitemap.xml")
def sitemap() -> Response:
    """List the home page in each language, and the page of each consultation that counts."""
    messages = service().messages
    pages = [home.address(messages.speech(lang)) for lang in messages.spoken]
    pages += [address(one) for one in service().store.consultations.all() if not one.rehearsal]
    made = Xml.Element("urlset", {"xmlns": SITEMAP})
    for page in pages:
        Xml.SubElement(Xml.SubElement(made, "url"), "loc").text = page
    return _kept(Xml.tostring(made, encoding="utf-8", xml_declaration=True), "application/xml")


def _kept(document: str | bytes, mimetype: str) -> Response:
    response = Response(document, mimetype=mimetype)
    response.headers["Cache-Control"] = HOURLY
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
