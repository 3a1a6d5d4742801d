"""Logos: what is kept is a picture and nothing else, whatever the file was."""

from io import BytesIO

import pytest
from PIL import Image

from server.consultations import logos
from server.consultations.records import Wrong
from tests.drawing import drawn, noisy


def opened(content: bytes) -> Image.Image:
    picture = Image.open(BytesIO(content), formats=["WEBP"])
    picture.load()
    return picture


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_each_kind_of_picture_becomes_a_small_webp(kind: str) -> None:
    made = logos.logo(drawn((1200, 300), "#c8102e", kind))
    assert opened(made).size == (480, 120)
    assert len(made) <= logos.LARGEST


def test_what_is_made_of_a_logo_is_the_same_logo() -> None:
    """So an export that is imported again is the same, byte for byte."""
    for given in (drawn(), drawn(colour="#12345680"), drawn((900, 900)), noisy((480, 240))):
        made = logos.logo(given)
        assert logos.logo(made) == made


def test_transparency_stays_where_there_is_some() -> None:
    assert opened(logos.logo(drawn(colour="#12345680"))).mode == "RGBA"
    assert opened(logos.logo(drawn(colour="#123456"))).mode == "RGB"


def test_nothing_but_the_picture_is_kept() -> None:
    """Neither what a camera or an author wrote into it, nor what hides behind its end."""
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    tail = b"<script>alert(1)</script>"
    for given in (drawn(kind="JPEG", exif=exif) + tail, drawn(exif=exif) + tail):
        made = logos.logo(given)
        assert b"secret" not in made
        assert b"script" not in made
        assert not opened(made).getexif()


def test_a_picture_stands_upright_as_its_camera_meant_it() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter
    assert opened(logos.logo(drawn((40, 20), kind="JPEG", exif=exif))).size == (20, 40)


def test_too_many_details_make_a_smaller_picture() -> None:
    made = logos.logo(noisy((480, 240)))
    assert len(made) <= logos.LARGEST
    assert opened(made).width < 480


@pytest.mark.parametrize(
    "given",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\x89PNG\r\n\x1a\n",
        noisy((200, 100))[:2000],
        drawn(kind="JPEG")[:300],
        b"GIF89a" + b"\0" * 40,
        drawn(kind="GIF") if "GIF" in Image.SAVE else b"GIF",
        drawn(kind="BMP") if "BMP" in Image.SAVE else b"BM",
        b"x" * (logos.LARGEST + 1),
        drawn((5000, 900), "white"),  # few bytes, many pixels
    ],
    ids=range(10),
)
def test_what_is_no_whole_small_picture_of_these_kinds_is_refused(given: bytes) -> None:
    with pytest.raises(Wrong):
        logos.logo(given)


def test_a_data_address_is_read_as_it_was_written() -> None:
    made = logos.logo(drawn())
    assert logos.from_data(logos.to_data(made)) == made
    assert logos.from_data("logo.png") is None
    with pytest.raises(Wrong):
        logos.from_data("data:image/png;base64,abc")
