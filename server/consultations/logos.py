"""Logos: pictures of partners, made anew so that nothing but the picture is kept or served.

What is made of a logo is its own logo: a picture that was exported and imported is the same, byte
for byte, as far as the same libraries make it.
"""

import base64
import binascii
import re
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING

from server.consultations.records import Wrong

if TYPE_CHECKING:
    from PIL.Image import Image

LARGEST = 64 * 1024  # bytes, as given and as kept
MOST_PIXELS = 4_000_000  # of what is given: what decoding it may cost
BOXES = ((480, 240), (320, 160), (240, 120), (160, 80))  # pixels: thrice what is shown, or less
FORMATS = ("PNG", "JPEG", "WEBP")
MIMETYPE = "image/webp"
NAME = re.compile(r"[0-9a-f]{32}\.webp")
DATA = re.compile(r"data:image/(?:png|jpeg|webp);base64,([A-Za-z0-9+/=\s]+)")


def from_data(address: str) -> bytes | None:
    """Return the bytes in a `data:` address; None if it is no such address."""
    found = DATA.fullmatch(address)
    if not found:
        return None
    try:
        return base64.b64decode("".join(found[1].split()), validate=True)
    except binascii.Error:
        raise Wrong("is a data: address that is cut off or damaged.") from None


def to_data(picture: bytes) -> str:
    return f"data:{MIMETYPE};base64,{base64.b64encode(picture).decode()}"


def name_of(picture: bytes) -> str:
    """Return the name that a picture is kept and served by: it changes with every byte."""
    return f"{sha256(picture).hexdigest()[:32]}.webp"


def logo(given: bytes) -> bytes:
    """Return a PNG, JPEG or WebP as it is kept: its pixels alone, small, without loss.

    Raises `Wrong` for anything else, whatever it is called.
    """
    if len(given) > LARGEST:
        raise Wrong(f"must have at most {LARGEST // 1024} kB; it has {len(given) / 1024:.0f}.")
    picture = _decoded(given)
    for box in BOXES:
        made = _encoded(picture, box)
        if len(made) <= LARGEST:
            return made
    raise Wrong("holds too many details for a logo.")


def _decoded(given: bytes) -> "Image":
    # Imported where it is used: no reader's request needs it.
    from PIL import Image, ImageOps

    try:
        picture = Image.open(BytesIO(given), formats=FORMATS)
        if picture.width * picture.height > MOST_PIXELS:
            raise Wrong(f"must have at most {MOST_PIXELS // 1_000_000} million pixels.")
        upright = ImageOps.exif_transpose(picture)  # decodes all of it
        return _plain(upright)
    except Wrong:
        raise
    except Exception as error:  # a decoder meets anything, and says so in many ways
        raise Wrong("must be a whole PNG, JPEG or WebP picture.") from error


def _plain(picture: "Image") -> "Image":
    """Return it in colours, with transparency only if some of it is transparent."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    clear = picture.convert("RGBA")
    lowest, _ = clear.getchannel("A").getextrema()
    return clear.convert("RGB") if lowest == 255 else clear


def _encoded(picture: "Image", box: tuple[int, int]) -> bytes:
    small = picture.copy()
    small.thumbnail(box)
    made = BytesIO()
    small.save(made, "WEBP", lossless=True, quality=100, method=4, exact=True)
    return made.getvalue()
