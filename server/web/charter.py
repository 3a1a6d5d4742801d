"""The charter: by which rules readers' proposals are judged, for everybody, in their language."""

from flask import Blueprint, Response, render_template, request

from server.consultations.proposing import RefusalReason
from server.web import headers
from server.web.service import service

blueprint = Blueprint("charter", __name__)

HOURLY = "public, max-age=3600"
RULES = (
    "charterAll",
    "charterPromise",
    "charterWords",
    "charterOpinion",
    "charterAlike",
    "charterTold",
)
# What the author of a refused proposal reads, word for word; `other` only points to this page.
REASONS = tuple(reason for reason in RefusalReason if reason is not RefusalReason.OTHER)


@blueprint.get("/charter")
def show() -> Response:
    """Serve the page in the language asked for, or in the first that the browser prefers."""
    messages = service().messages
    preferred = request.accept_languages.best_match(messages.spoken)
    speech = messages.speech(messages.known(request.args.get("lang")), preferred)
    shown = render_template(
        "charter.html",
        rules=RULES,
        reasons=REASONS,
        lang=speech.lang,
        dir=speech.direction,
        t=speech.t,
        spoken=messages.names(),
        asset=service().assets.url,
    )
    response = Response(shown, mimetype="text/html")
    headers.dress(response, service().settings.origin, headers.NOBODY, HOURLY)
    response.headers["Content-Language"] = speech.lang
    response.vary.add("Accept-Language")
    return response
