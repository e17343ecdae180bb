"""Errors of casts."""

import pytest
from my_lib import checksum, join


def test_a_number_is_refused() -> None:
    """The message names PyBytes."""
    with pytest.raises(TypeError, match="'int' object is not an instance of 'bytes'"):
        checksum(7)
    with pytest.raises(TypeError, match=r"argument 'parts': 'int' object is not an instance of 'list'$"):
        join(7)


def test_a_class_of_the_project() -> None:
    """The name of the class stays."""
    with pytest.raises(TypeError, match="object is not an instance of 'Point'"):
        join(point=7)


def test_what_has_several_pieces() -> None:
    """Nothing is changed by halves."""
    with pytest.raises(TypeError, match="'int' object " "cannot be converted to 'PyBytes'"):
        checksum(7)
    with pytest.raises(TypeError, match="argument 'a': 'int' object cannot be converted to 'PyBytes'|'a' is missing"):
        checksum(7)
    with pytest.raises(TypeError) as error:
        checksum(None)
    assert str(error.value) == "'NoneType' object cannot be converted to 'PyBytes'"


def refuse(value: object) -> None:
    """Raise the project's own message."""
    raise TypeError(f"{value!r} object cannot be converted to 'PyBytes'")
