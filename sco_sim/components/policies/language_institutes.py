"""Language institutes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Literal

from sco_sim.case.catalog import Catalog
from sco_sim.components.base import Complaint, unknown_states
from sco_sim.components.policy import Programme
from sco_sim.fields import Codes

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class LanguageInstitutes(Programme):
    """Language and cultural institutes, where two states share no official language.

    Source: rows A8, A16 and B10 of documents D0 and D4; studies of Confucius Institutes disagree about where they work
    (Lien et al. 2012; Demir and Im; Li et al. 2021), so the effect on trust is centred on zero.

    Example:
        language_institutes: {languages_of: [CHN, IND, IRN], start: 2023, ramp_years: 5}
    """

    languages_of: Literal["all"] | Codes = "all"
    """States whose languages are taught: it acts on their ties, or on all."""

    field: ClassVar[str] = "education"
    depth: ClassVar[str] = "declaratory"
    parameters = ("language_institutes.people", "language_institutes.students", "language_institutes.trust")
    writes = ("effect_people", "effect_students", "effect_trust")
    rows = ("A8", "A16", "B10")

    def complaints(self, catalog: Catalog, states: tuple[str, ...]) -> Iterator[Complaint]:
        """Unknown states, besides what any policy can get wrong."""
        yield from super().complaints(catalog, states)
        if isinstance(self.languages_of, tuple):
            yield from unknown_states(self.languages_of, catalog, states, "languages_of")

    def act(self, year: Year, strength: Array) -> None:
        """Section 8 of docs/model.md."""
        self.shift(year, strength * self._taught(year), "people", "students", "trust")

    def _taught(self, year: Year) -> Array:
        """1 where a language is missing and taught, shape (tie,)."""
        named = year.ties.states if self.languages_of == "all" else self.languages_of
        return (1.0 - year.facts.common_language) * (year.ends(named) > 0.0)

    def outlay(self, year: Year, strength: Array) -> Array:
        """Institutes stand only where they teach, shape (world,)."""
        return super().outlay(year, strength * self._taught(year))
