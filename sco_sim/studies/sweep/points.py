"""The points of a design as columns: a million points take a few arrays, and rows are built as they are asked for."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from sco_sim.errors import counted
from sco_sim.numerics.arrays import Array, Bools, Ints
from sco_sim.store.seal import canonical
from sco_sim.studies.sweep.factor import Factor

Row = dict[str, Any]
"""A point: factor name -> value."""
CHUNK = 8192
"""Rows that are built, hashed or stored together."""


@dataclass(frozen=True)
class Column:
    """The values of one factor."""

    numbers: NDArray[Any]
    """The values themselves, floats or whole numbers, or codes of them; shape (row,)."""
    values: tuple[Any, ...] | None = None
    """What code 0, 1, ... stands for; None if the numbers are the values."""

    def __len__(self) -> int:
        """Number of rows."""
        return len(self.numbers)

    def cells(self, first: int = 0, last: int | None = None) -> list[Any]:
        """The values of some rows."""
        some = self.numbers[first:last].tolist()
        return some if self.values is None else [self.values[code] for code in some]

    def at(self, row: int) -> Any:
        """The value of a row."""
        number = self.numbers[row].item()
        return number if self.values is None else self.values[number]

    def taken(self, rows: Ints | Bools) -> Column:
        """The column of some rows."""
        return Column(self.numbers[rows], self.values)

    def changed(self, function: Callable[[Any], Any]) -> Column:
        """The column with another value for each; numbers stay as they are: SQLite keeps them."""
        return self if self.values is None else Column(self.numbers, tuple(function(value) for value in self.values))

    def as_floats(self, function: Callable[[Any], float]) -> Array:
        """A number for each value, shape (row,)."""
        if self.values is None:
            return np.fromiter(map(function, self.numbers.tolist()), float, len(self))
        each: Array = np.array([function(value) for value in self.values], dtype=float)[self.numbers]
        return each

    def groups(self) -> Ints:
        """A number for each row, the same for the same value, shape (row,)."""
        if self.values is None:
            return np.unique(self.numbers, return_inverse=True)[1].astype(np.intp)
        known: dict[str, int] = {}
        codes = [known.setdefault(json.dumps(value), len(known)) for value in self.values]
        each: Ints = np.array(codes, dtype=np.intp)[self.numbers]
        return each


def listed(values: Sequence[Any]) -> Column:
    """Values of any type as a column, each value kept once."""
    codes: dict[tuple[type, str], int] = {}
    kept: list[Any] = []
    numbers = np.empty(len(values), dtype=np.int32)
    for row, value in enumerate(values):
        key = type(value), value if isinstance(value, str) else json.dumps(value)
        if key not in codes:
            codes[key] = len(kept)
            kept.append(value)
        numbers[row] = codes[key]
    return Column(numbers, tuple(kept))


def spread(factor: Factor, unit: Array) -> Column:
    """The values of a factor at places of the unit interval, shape (row,): `Factor.at` for all of them."""
    if factor.kind == "continuous":
        assert factor.low is not None and factor.high is not None  # noqa: PT018 - the design has been checked
        return Column(factor.low + unit * (factor.high - factor.low))
    codes = np.minimum((unit * factor.count).astype(np.int64), factor.count - 1)
    if factor.kind == "integer":
        return Column(int(factor.low or 0) + codes)
    return Column(codes.astype(np.int32), (False, True) if factor.values is None else tuple(factor.values))


class Points(Sequence[Row]):
    """The rows of a design; an item is a row, built when it is asked for."""

    def __init__(self, columns: Mapping[str, Column]) -> None:
        """Columns by factor, of one length."""
        self.columns = dict(columns)
        self._rows = len(next(iter(self.columns.values()), ()))

    def __len__(self) -> int:
        """Number of rows."""
        return self._rows

    def __iter__(self) -> Iterator[Row]:
        """Row after row."""
        for cells in self.tuples():
            yield dict(zip(self.columns, cells, strict=True))

    @overload
    def __getitem__(self, row: int) -> Row: ...

    @overload
    def __getitem__(self, row: slice) -> list[Row]: ...

    def __getitem__(self, row: int | slice) -> Row | list[Row]:
        """A row, factor name -> value, or a list of some."""
        if isinstance(row, slice):
            return [self[number] for number in range(*row.indices(len(self)))]
        if not -len(self) <= row < len(self):
            raise IndexError(row)
        return {name: column.at(row) for name, column in self.columns.items()}

    def __eq__(self, other: object) -> bool:
        """Whether the rows are the same."""
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        """Size and factors."""
        return f"<Points: {counted(len(self), 'row')} of {', '.join(self.columns)}>"

    def tuples(self) -> Iterator[tuple[Any, ...]]:
        """The values of row after row."""
        for first in range(0, len(self), CHUNK):
            yield from zip(*(column.cells(first, first + CHUNK) for column in self.columns.values()), strict=True)

    def taken(self, rows: Ints | Bools) -> Points:
        """The points of some rows."""
        return Points({name: column.taken(rows) for name, column in self.columns.items()})

    def changed(self, functions: Mapping[str, Callable[[Any], Any]]) -> Points:
        """The points with other values of some factors."""
        new = {name: self.columns[name].changed(function) for name, function in functions.items()}
        return Points(self.columns | new)

    def hash(self) -> str:
        """SHA-256 over the rows as JSON, a list of lists, built piece by piece."""
        digest = hashlib.sha256(b"[")
        rows = self.tuples()
        for first in range(0, len(self), CHUNK):
            some = [list(next(rows)) for _ in range(first, min(first + CHUNK, len(self)))]
            digest.update((canonical(some)[1:-1] if not first else f",{canonical(some)[1:-1]}").encode())
        digest.update(b"]")
        return digest.hexdigest()
