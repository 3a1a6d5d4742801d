"""`python -m tests.bench [--quick] [name ...]`: run the named benchmarks, or all of them."""

import os
import sys
import time

from tests.bench.registry import BENCHMARKS, QUICK


def main(arguments: list[str]) -> int:
    """Run them one after another; return 2 for a name that there is none of."""
    quick = "--quick" in arguments
    names = [name for name in arguments if not name.startswith("-")] or [*BENCHMARKS]
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        print(f"No benchmark {', '.join(unknown)}. There are: {', '.join(BENCHMARKS)}.")
        return 2
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}. Ratios come from turns taken.")
    for name in names:
        benchmark = BENCHMARKS[name]
        began = time.monotonic()
        print(f"\n{name}: {' '.join((benchmark.__doc__ or '').split())}\n", flush=True)
        benchmark.run(**(QUICK.get(name, {}) if quick else {}))
        print(f"  ({time.monotonic() - began:.0f} s)", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
