"""PYO03: the token of a `Bound` is free, that of `attach` is looked up."""

from collections.abc import Callable

from compare import compare
from pytest_benchmark.fixture import BenchmarkFixture


@compare("PYO03 1,000 tokens", "tokens_by_bound", "tokens_by_attach")
def test_tokens(benchmark: BenchmarkFixture, work: Callable[[object, int], None]) -> None:
    benchmark(work, object(), 1_000)
