"""File partners: their logos, which lie beside the file or are written into it."""

from collections.abc import Callable, Iterator, Mapping

from server.consultations import logos
from server.consultations.partners import MOST_PARTNERS, Partner
from server.consultations.records import Reading, Record, Wrong

Beside = Callable[[str], bytes]  # the content of the file with that name; raises `Wrong`


def nothing_beside(_: str) -> bytes:
    """For a file that came alone."""
    raise Wrong("must be a data: address, as nothing came beside this file.")


def read_logos(reading: Reading, found: Record, beside: Beside) -> dict[str, bytes]:
    """Put the names of the logos in their places and return the pictures by name."""
    pictures = {}
    partners: list[Record] = found.get("partners") or []
    for partner in partners[MOST_PARTNERS:]:
        message = f"is one too many: at most {MOST_PARTNERS} partners."
        reading.fault(partner.line, partner.field("name"), message)
    for partner in partners[:MOST_PARTNERS]:
        if partner.get("logo"):
            picture = _read(reading, partner, beside)
            pictures[logos.name_of(picture)] = picture
            partner.values["logo"] = logos.name_of(picture)
    return pictures


def _read(reading: Reading, partner: Record, beside: Beside) -> bytes:
    written = partner.get("logo")
    try:
        given = logos.from_data(written)
        if given is None and written.startswith("data:"):
            raise Wrong("must be a data: address of a PNG, JPEG or WebP, in base64.")
        return logos.logo(beside(written) if given is None else given)
    except Wrong as wrong:
        reading.wrong(partner.line_of("logo"), partner.field("logo"), wrong)
        return b""


def partners(found: Record) -> Iterator[Partner]:
    for one in found.get("partners") or []:
        yield Partner(**one.values)


def written(partner: Partner, pictures: Mapping[str, bytes]) -> dict[str, object]:
    """Return what stands in a file for a partner. Without its picture a logo is left out."""
    picture = pictures.get(partner.logo or "")
    return {
        "role": str(partner.role),
        "name": partner.name,
        "link": partner.link,
        "logo": logos.to_data(picture) if picture else None,
    }
