"""Parting people by where their votes place them, only where it comes out alike every time.

k-means finds groups in anything. Two questions are asked of what it found: do the votes hang together
more than chance would have it, and would other people of the same kind be parted alike.
"""

import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import adjusted_rand_score, silhouette_score

from server.consultations.opinion_groups import MOST_GROUPS

with warnings.catch_warnings():
    # Its models of a Polis server, which we do not use, are written for an older pydantic.
    warnings.simplefilter("ignore")
    from reddwarf.sklearn.cluster import PolisKMeans
    from reddwarf.utils.reducer.base import run_reducer

SEED = 0  # the same rows in the same order are parted alike
STARTS = 20  # of k-means, of which the closest fit is kept: one alone depends on where it began
SHUFFLES = 19  # of which none may do as well: one in twenty, by chance
RESAMPLES = 20  # of the people, as many as there are, some twice and some not at all
ALIKE = 0.8  # adjusted Rand index (Hubert and Arabie 1985) of half of the resamples, at least


class Blurred(Exception):
    """People differ, and nobody can tell where one group ends: each resample parts them anew."""


def part(cells: Any) -> Any:
    """Return each person's group; None where votes tell nobody apart. Raises `Blurred`."""
    if cells.shape[1] < 2 or len({row.tobytes() for row in cells}) <= MOST_GROUPS:
        return None
    places, reduced = _placed(cells)
    if len(np.unique(places, axis=0)) <= MOST_GROUPS or not _more_than_chance(cells, reduced):
        return None
    found = [_closest(places, number) for number in range(2, MOST_GROUPS + 1)]
    labels = max(found, key=lambda labels: float(silhouette_score(places, labels)))
    if np.median([*_agreements(cells, labels)]) < ALIKE:
        raise Blurred
    return labels


def _placed(cells: Any) -> tuple[Any, Any]:
    # Exactly, not by the draws that the library's own choice begins with above 500 people.
    places, _, reduced = run_reducer(vote_matrix=cells, svd_solver="covariance_eigh")
    return places, reduced


def _closest(places: Any, number: int) -> Any:
    """Return the best of many starts: the library makes one, whatever it is asked for.

    Polis begins with the first people in the list; far-off ones find the groups more surely.
    """
    with warnings.catch_warnings():
        # A resample may hold fewer different places than groups; then it agrees with nothing.
        warnings.simplefilter("ignore", ConvergenceWarning)
        starts = [
            PolisKMeans(number, random_state=SEED + one, tol=0).fit(places) for one in range(STARTS)
        ]
    return min(starts, key=lambda one: float(one.inertia_)).labels_


def _more_than_chance(cells: Any, reduced: Any) -> bool:
    """Whether people lie further apart than if their votes had nothing to do with each other.

    Horn's parallel analysis (Psychometrika 30, 1965): each proposal's votes are dealt anew among
    those who voted on it. It finds that there is something to differ by, not that there are groups.
    """
    chance = np.random.default_rng(SEED)
    for _ in range(SHUFFLES):
        dealt = cells.copy()
        for column in dealt.T:
            cast = ~np.isnan(column)
            column[cast] = chance.permutation(column[cast])
        _, other = _placed(dealt)
        if other.explained_variance_[0] >= reduced.explained_variance_[0]:
            return False
    return True


def _agreements(cells: Any, labels: Any) -> Iterator[float]:
    """Yield how far people drawn anew from these are parted like these, from the components on."""
    chance = np.random.default_rng(SEED)
    number = len(np.unique(labels))
    for _ in range(RESAMPLES):
        drawn = chance.integers(len(cells), size=len(cells))
        votes = cells[drawn]
        places, _ = _placed(votes[:, ~np.isnan(votes).all(axis=0)])
        yield float(adjusted_rand_score(labels[drawn], _closest(places, number)))
