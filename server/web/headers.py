"""Headers of the booth's pages: who may frame them, and what they may load (design of the embed)."""

from collections.abc import Iterable

from flask import Response

POLICY = (
    "default-src 'none'; script-src {own}; style-src {own}; img-src {own} data:; "
    "connect-src {own}; form-action {own}; base-uri 'none'; frame-ancestors {ancestors}"
)
FEATURES = (
    "accelerometer", "autoplay", "camera", "clipboard-read", "display-capture", "fullscreen",
    "geolocation", "gyroscope", "magnetometer", "microphone", "payment", "usb",
)  # fmt: skip
EVERYONE = ("*",)
NOBODY = ("'none'",)
FRESH = "public, max-age=0, s-maxage=5"
PRIVATE = "private, no-store"


def dress(response: Response, own: str, ancestors: Iterable[str], cache: str = PRIVATE) -> Response:
    """Set the headers of a booth page of ours (`own` is our origin) framed by `ancestors`.

    Our origin is written out beside 'self': in a sandboxed frame 'self' is opaque for forms.
    """
    policy = POLICY.format(own=f"'self' {own}", ancestors=" ".join(ancestors))
    response.headers["Content-Security-Policy"] = policy
    response.headers["Permissions-Policy"] = ", ".join(f"{name}=()" for name in FEATURES)
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Cross-Origin-Embedder-Policy"] = "require-corp"
    response.headers["Referrer-Policy"] = "strict-origin"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = cache
    return response
