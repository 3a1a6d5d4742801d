"""What the process that finds groups may use, and whether it can do its work here at all."""

from importlib.util import find_spec

MEMORY = 2 << 30  # bytes of address space; half a gigabyte is in use for the largest sample
SECONDS = 120  # of the processor
PATIENCE = 900.0  # seconds by the clock: on a busy machine it gets little of the processor
NICE = 15  # a thirtieth of what the others get, where all want more than there is
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def installed() -> bool:
    """Whether the library is there: `isoloir[groups]`."""
    return find_spec("reddwarf") is not None
