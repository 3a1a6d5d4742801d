"""What lies beside a file that is imported: the pictures it names."""

from pathlib import Path

from server.consultations.logos import LARGEST
from server.consultations.records import Wrong


def beside(folder: Path, name: str) -> bytes:
    """Return the content of a file in the folder, not of one elsewhere; raise `Wrong`.

    Of a file that is too large no more is read than shows it.
    """
    if Path(name).name != name:
        raise Wrong("must be the name of a file beside this one, without a folder.")
    try:
        with (folder / name).open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        raise Wrong(f"cannot be read: {error.strerror}.") from None
