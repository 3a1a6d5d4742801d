"""Every benchmark still runs. Nothing is said of its figures here: no test fails on a clock."""

import pytest

from tests.bench.registry import BENCHMARKS, QUICK


@pytest.mark.parametrize("name", QUICK)
def test_a_benchmark_runs_with_tiny_numbers_and_prints_what_it_found(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    BENCHMARKS[name].run(**QUICK[name])
    assert capsys.readouterr().out.startswith("  ")


def test_every_benchmark_says_what_it_measures() -> None:
    assert all(benchmark.__doc__ for benchmark in BENCHMARKS.values())
