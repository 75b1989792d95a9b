"""Base classes of everything a scenario file can name, and how a name leads to a class.

One component is one small frozen class in one file; the file's name is its key in YAML. A file in the folder is the
registration; other packages add theirs as entry points of the group `sco_sim.<kind>`, whose names are the keys.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from sco_sim.case.catalog import Catalog
from sco_sim.case.names import suggest
from sco_sim.fields import Part


@dataclass(frozen=True)
class Complaint:
    """Something a component finds wrong with itself in a case: the field, the problem and the remedy."""

    field: tuple[str | int, ...]
    message: str
    remedy: str = ""
    absent: str = ""
    """Code of a state that it names and that is not simulated."""


class Component(Part):
    """A frozen record of fields that refuses what it does not know."""

    parameters: ClassVar[tuple[str, ...]] = ()
    """Ledger parameters it uses; a name that ends in `.*` stands for one parameter per state."""
    reads: ClassVar[tuple[str, ...]] = ()
    """State variables it reads."""
    writes: ClassVar[tuple[str, ...]] = ()
    """State variables it writes."""
    rows: ClassVar[tuple[str, ...]] = ()
    """Rows of the documents' mechanisms it is a home of."""

    doses: ClassVar[tuple[str, ...]] = ()
    """Fields that say how much of it there is: with all of them at 0 it does nothing."""

    registered: ClassVar[str] = ""
    """Name of the entry point that brought the class, set when it is loaded."""

    @classmethod
    def key(cls) -> str:
        """Its key in YAML: the name of its entry point, else of its file."""
        return vars(cls).get("registered") or cls.__module__.rsplit(".", 1)[-1]

    def used(self) -> tuple[str, ...]:
        """Ledger parameters that this very instance uses."""
        return self.parameters

    def complaints(self, catalog: Catalog, states: tuple[str, ...]) -> Iterator[Complaint]:
        """What is wrong with it in this case and with these simulated states; nothing by default."""
        yield from ()


def unknown_states(
    codes: tuple[str, ...], catalog: Catalog, states: tuple[str, ...], field: str
) -> Iterator[Complaint]:
    """Complaints about codes that are no state of the case, or not simulated in this scenario."""
    for index, iso in enumerate(codes):
        if iso not in catalog.states:
            yield Complaint((field, index), f"no state '{iso}' in this case", suggest(iso, catalog))
        elif iso not in states:
            remedy = "add it to `states`, or leave it out"
            yield Complaint((field, index), f"'{iso}' is not simulated here", remedy, absent=iso)
        elif codes.index(iso) != index:
            yield Complaint((field, index), f"'{iso}' is named twice", "name each state once")
