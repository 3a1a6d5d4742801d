"""oEmbed: what a CMS asks for when an editor pastes the address of a consultation."""

import re
from importlib.resources import files
from string import Template
from urllib.parse import SplitResult, parse_qs, urlsplit

from flask import Blueprint, Response, jsonify, request
from markupsafe import escape

from server.consultations.consultation import DIRECT
from server.consultations.errors import ConsultationUnknown
from server.web.service import service

blueprint = Blueprint("oembed", __name__)
PATH = re.compile(r"/(?:c|e)/([a-z0-9-]+)")
HEIGHT = 600  # CSS pixels, as in the snippet: the booth's tallest state on a phone
WIDTH = 600
NARROW = 256


@blueprint.get("/oembed")
def oembed() -> Response:
    """Answer the address of a consultation with the markup that shows its booth."""
    asked = _address(request.args.get("url", ""))
    path = PATH.fullmatch(asked.path)
    if not path or asked.netloc != urlsplit(service().settings.public_url).netloc:
        raise ConsultationUnknown("This address is not one of our consultations.", field="url")
    consultation = service().directory.find(path[1]).consultation
    source = consultation.source(parse_qs(asked.query).get("source", [DIRECT])[0])
    response = jsonify(
        version="1.0",
        type="rich",
        title=consultation.question,
        provider_name="Isoloir",
        provider_url=service().settings.public_url,
        width=min(WIDTH, max(NARROW, request.args.get("maxwidth", WIDTH, int))),
        height=HEIGHT,
        cache_age=3600,
        html=Template(files("embed").joinpath("snippets/oembed.html").read_text()).substitute(
            service=service().settings.public_url,
            consultation=consultation.slug,
            source=source.name,
            title=escape(consultation.question),
        ),
    )
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


def _address(text: str) -> SplitResult:
    try:
        return urlsplit(text)
    except ValueError:
        return urlsplit("")
