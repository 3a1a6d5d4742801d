"""Long work in a worker leaves those who vote there their turn."""

import subprocess
import sys
from pathlib import Path

from server.web.aside import aside

ROOT = Path(__file__).parents[2]
# As a worker of gunicorn is: greenlets, one of them a short request after the other.
WORKER = """
import gevent.monkey
gevent.monkey.patch_all()
import time
import gevent
from server.consultations.consultation import Proposal
from server.consultations.exporting import exported
from server.consultations.errors import FileRefused
from server.web.aside import aside
from tests.domain.test_exporting import announced, kept
from dataclasses import replace

many = tuple(Proposal(n, f"Il faut ouvrir {n} portes plus tôt", "fr") for n in range(1, 2001))
waits = []

def requests():
    while True:
        began = time.monotonic()
        gevent.sleep(0.002)
        waits.append(time.monotonic() - began)

gevent.spawn(requests)
gevent.sleep(0.1)
waits.clear()
began = time.monotonic()
text = aside(exported, replace(kept(announced("rmc")), proposals=many))
took = time.monotonic() - began
gevent.sleep(0.01)
assert text.count("portes") == 2000
try:
    aside(exported, replace(kept(announced("rmc")), proposals=many[:1] * 2))
except FileRefused:
    print(took / max(waits))
"""


def test_who_votes_meanwhile_waits_for_a_small_part_of_it_at_most() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WORKER], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert float(done.stdout) > 2.5


def test_elsewhere_it_is_done_at_once() -> None:
    assert aside(max, 1, 2) == 2
