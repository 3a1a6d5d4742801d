"""Pace: when a consultation may be sent again, after a success and after failures.

A retry inside the call, as a library for retries makes it, would send an old document again and
keep every other consultation waiting. This only says *when*; what is sent is composed anew then.
"""

from datetime import timedelta

INTERVAL = timedelta(seconds=1)  # between two requests for one consultation
LONGEST = timedelta(minutes=1)  # the receiver is looked for at least this often
DOUBLINGS = 6  # 2 s, 4 s … 64 s


def pause(failures: int, chance: float) -> timedelta:
    """Return the pause after so many failures in a row; `chance` (0 to 1) spreads deployments.

    Between half and the whole of an exponential pause, so that a receiver which comes back is not
    met by everyone at once.
    """
    if failures == 0:
        return INTERVAL
    whole = min(INTERVAL * (1 << min(failures, DOUBLINGS)), LONGEST)
    return whole * (0.5 + chance / 2)
