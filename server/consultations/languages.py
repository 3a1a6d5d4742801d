"""Languages: whether a text is in the language it should be in, as far as a model can tell.

The model is fastText's lid.176.ftz, compressed by its authors (Joulin et al. 2016, CC BY-SA 3.0,
fasttext.cc), as it is. It is read at the first question: 6 MB, in a process that is asked. Where its
library is not installed (it has no wheel for Python 3.14 yet), nothing is said of any text.
"""

import logging
from functools import cache
from importlib.resources import as_file, files
from typing import Any, NamedTuple

logger = logging.getLogger(__name__)
# Those that the limits were measured in; of other languages nothing is said.
MEASURED = frozenset({"ar", "de", "en", "es", "fr", "it", "nl", "pt"})
MOST_LANGUAGES = 200  # more than the model knows
LONG_ENOUGH = 25  # characters, from which a text is refused; shorter ones are guesses
LEAST = 20  # characters, from which a moderator is told
# Shares of the model's belief: its first guess, and what is left for the language wanted.
SURE, HARDLY = 0.6, 0.02
RATHER, DOUBTFUL = 0.5, 0.1


class Heard(NamedTuple):
    """What a text sounds like: the likeliest language and its share, and that of the one wanted."""

    likeliest: str
    share: float
    wanted: float


def is_other(text: str, language: str, prefix: str | None = None) -> bool:
    """Whether a text surely is not in `language`; what stands in every proposal does not count."""
    told = _behind(text, prefix)
    heard = hear(told, language) if len(told) >= LONG_ENOUGH else None
    return bool(heard and heard.share >= SURE and heard.wanted < HARDLY)


def may_be_other(text: str, language: str, prefix: str | None = None) -> bool:
    """Whether a moderator may want to look at the language twice."""
    told = _behind(text, prefix)
    heard = hear(told, language) if len(told) >= LEAST else None
    return bool(heard and heard.share >= RATHER and heard.wanted < DOUBTFUL)


def hear(text: str, language: str) -> Heard | None:
    """Return what a text sounds like; nothing where the model was not measured, or is not there."""
    spoken, model = _spoken(language), _model()
    if not model or spoken not in MEASURED:
        return None
    # In small letters: it has read few texts in capitals, and takes those for anything.
    labels, shares = model.predict(" ".join(text.lower().split()), k=MOST_LANGUAGES)
    found = dict(zip((label.removeprefix("__label__") for label in labels), shares, strict=True))
    likeliest = max(found, key=lambda name: found[name], default=spoken)
    return Heard(likeliest, found.get(likeliest, 0.0), found.get(spoken, 0.0))


def _behind(text: str, prefix: str | None) -> str:
    return text.removeprefix(prefix or "").strip()


def _spoken(language: str) -> str:
    return language.split("-")[0]


@cache
def _model() -> Any:
    try:
        import fasttext
    except ImportError:
        logger.warning("No text's language is checked: fasttext-predict is not installed.")
        return None
    with as_file(files("server.consultations").joinpath("lid.176.ftz")) as path:
        return fasttext.load_model(str(path))
