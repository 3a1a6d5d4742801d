"""Logo pictures: those of a consultation's partners, under addresses whose content never changes."""

from http import HTTPStatus

from flask import Blueprint, Response, abort

from server.consultations.consultation import Consultation
from server.consultations.logos import MIMETYPE
from server.consultations.partners import Partner
from server.web.service import service
from server.web.static_files import FOR_EVER

blueprint = Blueprint("logo_pictures", __name__)


@blueprint.get("/c/<slug>/logos/<name>")
def show(slug: str, name: str) -> Response:
    """Serve a logo that a partner of the consultation has now."""
    consultation = service().directory.find(slug).consultation
    if name not in {partner.logo for partner in consultation.partners}:
        abort(HTTPStatus.NOT_FOUND)
    picture = service().store.consultations.logo(consultation, name)
    if picture is None:
        abort(HTTPStatus.NOT_FOUND)
    response = Response(picture, mimetype=MIMETYPE)
    response.headers["Cache-Control"] = FOR_EVER
    response.headers["X-Content-Type-Options"] = "nosniff"
    # Opened as a page of its own it is a picture, and can do nothing.
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def address(consultation: Consultation, partner: Partner) -> str | None:
    """Return the whole address of a partner's logo."""
    if partner.logo is None:
        return None
    return f"{service().settings.public_url}/c/{consultation.slug}/logos/{partner.logo}"
