"""Errors of arguments."""

import pytest
from my_lib import checksum


def test_a_number_is_refused() -> None:
    """With the type in the message."""
    with pytest.raises(TypeError, match="argument 'data': 'int' object"):
        checksum(7)


def test_the_argument_is_named() -> None:
    """By the message and by nothing else."""
    with pytest.raises(TypeError, match="argument 'data'"):
        checksum(None)
    with pytest.raises(TypeError) as error:
        checksum(None)
    assert "argument 'data'" in str(error.value)


def test_a_missing_argument() -> None:
    """By Python's own message."""
    # Not about argument 'data': it is missing.
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'data'"):
        checksum()


MESSAGE = "argument 'data': 'int' object"


def test_pieces(name: str) -> None:
    """Nothing is changed by halves."""
    with pytest.raises(TypeError, match="argument 'data': " "'int' object"):
        checksum(7)
    with pytest.raises(TypeError, match=f"argument 'data': '{name}' object"):
        checksum(7)
    with pytest.raises(TypeError, match="argument 'data': 'int' object|argument 'other': 'str' object"):
        checksum(7)
    with pytest.raises(TypeError, match=MESSAGE):
        checksum(7)


def refuse() -> None:
    """Raise argument 'data': the project's own message."""
    raise TypeError("argument 'data': no data")
