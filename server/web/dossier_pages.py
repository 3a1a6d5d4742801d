"""Dossiers as they were published: the document, and each of its charts as SVG and PNG."""

from base64 import b64encode
from datetime import UTC, datetime
from hashlib import sha256
from http import HTTPStatus

from flask import Blueprint, Response, abort, request

from server.consultations.errors import DossierUnknown, DossierWithdrawn
from server.store.dossiers import Dossier
from server.web import headers
from server.web.dossiers import Subject
from server.web.raster import png
from server.web.service import service

blueprint = Blueprint("dossiers", __name__)

POLICY = (
    "default-src 'none'; style-src {style}; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
SHORTLY = "public, max-age=60"
LONG = "public, max-age=3600"  # not for ever: a version may have to be withdrawn
TYPES = {"svg": "image/svg+xml", "png": "image/png"}


@blueprint.get("/c/<slug>/dossier")
def latest(slug: str) -> Response:
    return _latest(_consultation(slug))


@blueprint.get("/c/<slug>/dossier/<int(max=9999):version>")
def show(slug: str, version: int) -> Response:
    return document(_found(_consultation(slug), version))


@blueprint.get("/c/<slug>/dossier/<int(max=9999):version>/<name>.<any(svg, png):kind>")
def chart(slug: str, version: int, name: str, kind: str) -> Response:
    return _picture(_found(_consultation(slug), version), name, kind)


@blueprint.get("/operations/<operation>/dossier")
def latest_of_operation(operation: str) -> Response:
    return _latest(Subject.operation(operation))


@blueprint.get("/operations/<operation>/dossier/<int(max=9999):version>")
def show_of_operation(operation: str, version: int) -> Response:
    return document(_found(Subject.operation(operation), version))


@blueprint.get(
    "/operations/<operation>/dossier/<int(max=9999):version>/<name>.<any(svg, png):kind>"
)
def chart_of_operation(operation: str, version: int, name: str, kind: str) -> Response:
    return _picture(_found(Subject.operation(operation), version), name, kind)


def _consultation(slug: str) -> Subject:
    return Subject.consultation(service().directory.find(slug).consultation)


def _latest(subject: Subject) -> Response:
    """Lead to the latest version, so that what is copied from the address bar can be cited."""
    every = service().store.dossiers.every(subject.key)
    if not every:
        raise DossierUnknown("No dossier was published about this.")
    leads = next((one for one in every if not one.withdrawn), every[0])
    response = Response(status=HTTPStatus.SEE_OTHER.value)
    response.headers["Location"] = f"{subject.path}/{leads.version}"
    response.headers["Cache-Control"] = SHORTLY
    return response


def _found(subject: Subject, version: int) -> Dossier:
    found = service().store.dossiers.read(subject.key, version)
    if found is None:
        raise DossierUnknown(f"No version {version} of this dossier.", field="version")
    if found.withdrawn:
        since = datetime.fromtimestamp(found.withdrawn.at / 1000, UTC).date().isoformat()
        raise DossierWithdrawn(found.withdrawn.why, since=since, digest=found.digest)
    return found


def document(found: Dossier, cache: str = LONG) -> Response:
    """Answer with a dossier, whose own style is all that it may load."""
    response = Response(found.html, mimetype="text/html")
    headers.dress(response, service().settings.origin, headers.NOBODY, cache)
    style = found.html.partition("<style>")[2].partition("</style>")[0]
    known = b64encode(sha256(style.encode()).digest()).decode()
    response.headers["Content-Security-Policy"] = POLICY.format(style=f"'sha256-{known}'")
    response.headers["Content-Language"] = found.language
    digest = b64encode(bytes.fromhex(found.digest)).decode()
    response.headers["Repr-Digest"] = f"sha-256=:{digest}:"
    response.set_etag(found.digest[:32])
    response.make_conditional(request)
    return response


def _picture(found: Dossier, name: str, kind: str) -> Response:
    drawn = found.charts.get(name)
    if drawn is None:
        abort(HTTPStatus.NOT_FOUND)
    tag = sha256(f"{found.digest}{name}{kind}".encode()).hexdigest()[:32]
    if request.if_none_match.contains(tag):
        return Response(status=HTTPStatus.NOT_MODIFIED.value)
    response = Response(drawn if kind == "svg" else png(drawn), mimetype=TYPES[kind])
    response.headers["Cache-Control"] = LONG
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.set_etag(tag)
    return response
