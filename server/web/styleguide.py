"""The style guide: every state of the booth, for those who develop it.

The same templates render it; there is no consultation behind it, so a vote leads to the screen of
an unknown one. `ISOLOIR_STYLEGUIDE` switches it on.
"""

import re
from http import HTTPStatus

from flask import Blueprint, Response, abort, render_template, request

from server.web import headers, pages
from server.web.messages import written
from server.web.pages import THEMES, Look
from server.web.service import service
from server.web.styleguide_states import BY_NAME, STATES, State, page

blueprint = Blueprint("styleguide", __name__)

# CSS pixels and what is high enough for every state at that width. 256 is 1280 at a zoom of 500 %.
WIDTHS = {256: 1000, 320: 860, 390: 760, 640: 640, 800: 640}
POLICY = (
    "default-src 'none'; frame-src 'self'; style-src 'unsafe-inline'; img-src data:; "
    "frame-ancestors 'none'"
)
SCRIPT = re.compile(r"<script defer [^>]*></script>")


@blueprint.get("/styleguide")
def index() -> Response:
    """Show all states at all widths, in the language and the theme asked for."""
    width = request.args.get("width", 0, int)
    shown = render_template(
        "styleguide.html",
        states=STATES,
        how=_how(),
        languages=languages(),
        themes=THEMES,
        widths=WIDTHS,
        chosen={width: WIDTHS[width]} if width in WIDTHS else WIDTHS,
    )
    response = Response(shown, mimetype="text/html")
    response.headers["Content-Security-Policy"] = POLICY
    return _unlisted(response)


@blueprint.get("/styleguide/<name>")
def state(name: str) -> Response:
    """Show one state as a page of its own."""
    if name not in BY_NAME:
        abort(HTTPStatus.NOT_FOUND)
    shown = BY_NAME[name]
    response = Response(_rendered(shown, _how()), mimetype="text/html")
    headers.dress(response, service().settings.origin, ("'self'",))
    if shown.sandboxed:
        response.headers["Content-Security-Policy"] += "; sandbox allow-scripts"
    return _unlisted(response)


def languages() -> list[str]:
    """Return every language that readers are spoken to in here."""
    return [lang for lang in written() if service().messages.known(lang)]


def _how() -> Look:
    return pages.look(request.args)


def _rendered(shown: State, how: Look) -> str:
    """Render a state, without its script where there is none."""
    speech = pages.speech_for(how)
    html = pages.render(page(shown, how, speech))
    return html if shown.scripted else _without_script(html)


def _without_script(html: str) -> str:
    """Take the one script out; fail when the templates have changed."""
    changed, number = SCRIPT.subn("", html)
    if number != 1:
        raise LookupError(f"The booth's page holds {number} scripts.")
    return changed


def _unlisted(response: Response) -> Response:
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = headers.PRIVATE
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
