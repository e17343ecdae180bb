"""PYO02: a failed cast costs a comparison, a failed extract an exception."""

from collections.abc import Callable

from compare import compare
from pytest_benchmark.fixture import BenchmarkFixture


@compare("PYO02 a sum of 1,000 floats", "sum_by_cast", "sum_by_extract")
def test_floats(benchmark: BenchmarkFixture, work: Callable[[list[float]], float]) -> None:
    benchmark(work, [position / 2 for position in range(1_000)])
