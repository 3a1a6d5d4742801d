"""Lighthouse on an article without a booth, with one, and with two: the phone's preset, in turns.

Budget: two booths cost at most 2 points of performance, and leave accessibility at 100. Needs node
18 or newer and, the first time, the npm registry.
"""

import json
import os
import shutil
import statistics
import subprocess
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from tests.bench.articles import create_articles
from tests.browser import chromium, service
from tests.browser.partner import served

LIGHTHOUSE = "lighthouse@12.8.2"  # the newest that runs on node 20
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-background-networking"
PATIENCE = 300  # seconds for one run, npm's download with the first
BOOTHS = (0, 1, 2)
METRICS = {
    "first-contentful-paint": "FCP ms",
    "largest-contentful-paint": "LCP ms",
    "total-blocking-time": "TBT ms",
    "speed-index": "SI ms",
    "cumulative-layout-shift": "CLS",
    "total-byte-weight": "bytes",
}


@dataclass(frozen=True)
class Report:
    """What one run found: scores up to 100, metrics by Lighthouse's names, accessibility faults."""

    performance: float
    accessibility: float
    metrics: dict[str, float]
    faults: tuple[str, ...]


def run(rounds: int = 7, booths: tuple[int, ...] = BOOTHS) -> None:
    """Print the medians of so many rounds."""
    if not shutil.which("npx"):
        print("  Not measured: Lighthouse needs node and its npx on PATH (nodejs.org).")
        return
    with service.running() as live:
        slugs = live.open(), live.open()
        with served(create_articles(live.url, slugs)) as port:
            address = f"http://rmc.localhost:{port}/with/"
            found = _in_turns(address, rounds, booths)
    print(_table(found))
    for number in booths:
        print(_against_none(found, number))
        for fault in sorted({fault for report in found[number] for fault in report.faults}):
            print(f"    accessibility: {fault}")


def _in_turns(address: str, rounds: int, booths: tuple[int, ...]) -> dict[int, list[Report]]:
    """Run every article in turn, after one that does not count."""
    _measure(f"{address}{booths[-1]}")
    found = defaultdict(list)
    for _ in range(rounds):
        for number in booths:
            found[number].append(_measure(f"{address}{number}"))
    return found


def _measure(url: str) -> Report:
    command = [
        *("npx", "--yes", LIGHTHOUSE, url, "--quiet", "--output=json"),
        *("--form-factor=mobile", "--only-categories=performance,accessibility"),
        f"--chrome-flags={FLAGS}",
    ]
    environ = dict(os.environ)
    if browser := chromium.executable():
        environ["CHROME_PATH"] = browser
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=PATIENCE)
    if done.returncode:
        raise RuntimeError(f"Lighthouse failed:\n{done.stderr}")
    return _read(json.loads(done.stdout))


def _read(told: dict[str, Any]) -> Report:
    if error := told.get("runtimeError"):
        raise RuntimeError(f"Lighthouse could not load the article: {error['message']}")
    scores = {name: 100 * told["categories"][name]["score"] for name in told["categories"]}
    audits = told["audits"]
    metrics = {name: audits[name]["numericValue"] for name in METRICS}
    asked = [ref["id"] for ref in told["categories"]["accessibility"]["auditRefs"] if ref["weight"]]
    faults = tuple(
        f"{name}: {item['node']['snippet']}"
        for name in asked
        if audits[name]["score"] == 0
        for item in audits[name]["details"]["items"]
    )
    return Report(scores["performance"], scores["accessibility"], metrics, faults)


def _table(found: dict[int, list[Report]]) -> str:
    lines = [
        "  booths  performance (range)  accessibility"
        + "".join(map("{:>10}".format, METRICS.values()))
    ]
    for number, reports in found.items():
        scores = [report.performance for report in reports]
        spread = f"{statistics.median(scores):.0f} ({min(scores):.0f}-{max(scores):.0f})"
        easy = min(report.accessibility for report in reports)
        medians = [statistics.median(r.metrics[name] for r in reports) for name in METRICS]
        figures = "".join(f"{m:10.3f}" if m < 1 else f"{m:10.0f}" for m in medians)
        lines.append(f"  {number:<8}{spread:<21}{easy:<13.0f}{figures}")
    return "\n".join(lines)


def _against_none(found: dict[int, list[Report]], number: int) -> str:
    """Compare round by round, because all articles of one round met the same machine."""
    pairs = zip(found[number], found[min(found)], strict=True)
    cost = statistics.median(none.performance - some.performance for some, none in pairs)
    return f"  {number} booths: {cost:+.0f} points of performance lost"
