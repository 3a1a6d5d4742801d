"""Minutes: the signed record of a closed consultation, and the keys that verify it."""

import re
from hashlib import sha256
from typing import Any

from flask import Blueprint, Response, jsonify, request

from server.consultations.consultation import Consultation
from server.consultations.errors import MinutesNotYet
from server.consultations.minutes import ALGORITHM
from server.store.minutes import Packed
from server.web.schemas.minutes import KEYS_ANSWER
from server.web.service import service

blueprint = Blueprint("minutes", __name__)

KEYS = "/.well-known/isoloir/keys.json"
VERSION = re.compile(r"[1-9][0-9]{0,3}")
FOR_EVER = "public, max-age=31536000, immutable"  # a version never changes
SHORTLY = "public, max-age=60"


@blueprint.get("/api/v1/consultations/<slug>/minutes")
def show(slug: str) -> Response:
    """Serve the latest version, or `?version=`, byte for byte as it was signed."""
    consultation = service().directory.find(slug).consultation
    asked = request.args.get("version")
    found = _find(consultation, asked)
    response = _file(found)
    name = f"minutes-{consultation.slug}-{found.version}.json"
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    response.headers["Cache-Control"] = FOR_EVER if asked else SHORTLY
    response.make_conditional(request)
    return response


@blueprint.get(KEYS)
def keys() -> Response:
    """List every public key that has signed minutes, oldest first."""
    dates = service().store.minutes.key_dates()
    known: list[dict[str, Any]] = [
        {
            "id": key.id,
            "algorithm": ALGORITHM,
            "publicKey": key.base64,
            "since": dates.get(key.id),
        }
        for key in service().keyring.keys
    ]
    response = jsonify(KEYS_ANSWER.dump({"keys": known}))
    response.headers["Cache-Control"] = SHORTLY
    return response


def _find(consultation: Consultation, asked: str | None) -> Packed:
    store = service().store
    if asked is not None and not VERSION.fullmatch(asked):
        raise MinutesNotYet("Versions of the minutes are numbered from 1.", field="version")
    found = store.minutes.read(consultation, int(asked) if asked else None)
    if found is None and asked and store.minutes.versions(consultation):
        raise MinutesNotYet(f"No version {asked} of these minutes.", field="version")
    if found is None:
        closes = consultation.closes.isoformat()
        raise MinutesNotYet(f"The minutes are drawn up after the close ({closes}).")
    return found


def _file(found: Packed) -> Response:
    """Send them as they are kept; to a client that cannot unpack, piece by piece.

    Unpacked they may be hundreds of megabytes, so nothing here holds them whole.
    """
    tag = sha256(found.packed).hexdigest()[:32]
    if request.accept_encodings.quality("gzip") > 0:
        response = Response(found.packed, mimetype="application/json")
        response.headers["Content-Encoding"] = "gzip"
        response.set_etag(f"{tag}-gzip")
    else:
        response = Response(found.pieces(), mimetype="application/json")
        response.content_length = found.size
        response.set_etag(tag)
    response.vary.add("Accept-Encoding")
    return response
