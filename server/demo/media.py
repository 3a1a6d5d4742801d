"""The three media of the demo: what their articles are called and how each embeds the booth."""

from dataclasses import dataclass

from server.settings import Settings

SLUG = "reinventer-le-travail"


@dataclass(frozen=True)
class Media:
    """`name` is the source, the first label of the host, and the name of page and stylesheet."""

    name: str
    title: str
    snippet: str  # embed/snippets/<snippet>.html


MEDIA = (
    Media("rmc", "RMC", "script"),
    Media("bfm", "BFM", "iframe"),
    Media("les-echos", "Les Echos", "oembed"),
)


def address(settings: Settings, name: str) -> str:
    """Return where the site of one media answers."""
    return (settings.demo_url or "").format(media=name)
