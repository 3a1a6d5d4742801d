"""Pictures as partners send them: whatever their programs wrote."""

from io import BytesIO
from typing import Any

from PIL import Image


def drawn(
    size: tuple[int, int] = (120, 60), colour: str = "red", kind: str = "PNG", **more: Any
) -> bytes:
    """Return a picture of one colour."""
    mode = "RGB" if kind == "JPEG" else "RGBA"
    made = BytesIO()
    Image.new(mode, size, colour).save(made, kind, **more)
    return made.getvalue()


def noisy(size: tuple[int, int]) -> bytes:
    """Return a picture that no lossless format makes small; a JPEG may."""
    made = BytesIO()
    Image.effect_noise(size, 80).save(made, "JPEG", quality=30)
    return made.getvalue()
