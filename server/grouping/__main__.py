"""Find the opinion groups of one consultation, last among all processes, and within limits.

Reads {"store": address, "slug": …, "parent": …} from standard input, writes the groups to standard output. The
address may hold a password: no other process sees our input.
"""

import json
import os
import resource
import sys
from contextlib import closing
from dataclasses import asdict

from server.grouping.limits import MEMORY, NICE, SECONDS
from server.store.store import open_store
from server.supervisor.parent import die_with


def main() -> None:
    limit()
    # Only now: what it loads counts too.
    from server.grouping.finding import find
    from server.grouping.sampling import sample

    asked = json.load(sys.stdin)
    die_with(asked["parent"])
    with closing(open_store(asked["store"], demand_replicas=False)) as store:
        drawn = sample(store, store.consultations.by_slug(asked["slug"]))
    found = find(drawn.rows)
    json.dump({**asdict(found), "sampled": drawn.drawn}, sys.stdout)


def limit() -> None:
    """Let everything else go first, and end whatever takes too much."""
    os.nice(NICE)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


if __name__ == "__main__":
    main()
