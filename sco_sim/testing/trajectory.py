"""Checks that simulate some worlds to the end of a short scenario."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from sco_sim.case.changes import Override
from sco_sim.scenario.schema import Scenario
from sco_sim.testing.bench import LAST, PAIR, busy, calls, different, model_of, observed, running, variant
from sco_sim.testing.subject import Subject
from sco_sim.world.channels import VALUES
from sco_sim.world.state import VARIABLES

PATHS = ("trust_level", "trust_deviation", *VALUES)
"""Trust and exchange: what a component without force must leave as it is."""
SEEN = tuple(v.name for v in VARIABLES if v.axis in ("tie", "state"))
"""Everything that ties and states have, shocks and effects included."""


def paths(scenario: Scenario, names: Sequence[str] = PATHS) -> bytes:
    """Every bit of the trajectories of some variables."""
    model = model_of(scenario)
    bits = b""
    while model.year.year < scenario.horizon.end:
        model.step()
        bits += b"".join(model.state.arrays[name].tobytes() for name in names)
    return bits


@lru_cache(maxsize=4)
def untouched(end: int, names: tuple[str, ...] = PATHS) -> bytes:
    """The same of a scenario with neither policies nor events."""
    return paths(variant(end=end), names)


def _end(component: Any) -> int:
    """Last year of a scenario in which the component begins."""
    return max(LAST, (getattr(component, "start", None) or 0) + 3)


def _alone(subject: Subject, component: Any) -> Scenario:
    """A scenario with that policy or event and no other."""
    return variant(end=_end(component)).model_copy(update={subject.component_kind: (component,)})


def changes_nothing_without_force(subject: Subject) -> None:
    """A policy of zero intensity, or an event of zero severity, leaves every bit of trust and exchange."""
    one: Any = subject.plain()
    force = next((name for name in ("intensity", "severity") if name in type(one).model_fields), "")
    nothing = one.model_copy(update={force: 0.0})
    end = _end(one)
    if force and paths(_alone(subject, nothing)) != untouched(end):
        subject.fault(f"with {force}: 0 it changes trust or exchange: multiply what it does by its {force}")


def changes_nothing_unless_adopted(subject: Subject) -> None:
    """A policy that the council never adopts leaves every bit of trust and exchange, random numbers included."""
    one: Any = subject.plain()
    vain = one.model_copy(update={"start": 2021, "end": LAST - 4, "decided_by": "council"})
    refusing = variant(end=LAST, policies=(vain,), parameters={"council.base": Override(value=-20.0)})
    if paths(refusing) != untouched(LAST):
        subject.fault("it changes trust or exchange though no state accepts it: change the state in `act` alone")


def does_something(subject: Subject) -> None:
    """The example of a policy or event changes what ties or states have, in a scenario of its own."""
    one: Any = subject.plain()
    acting = one.model_copy(update={"decided_by": "given"}) if subject.component_kind == "policies" else one
    end = _end(one)
    if paths(_alone(subject, acting), SEEN) == untouched(end, SEEN):
        subject.fault(f"its example does nothing in {variant().horizon.start + 1} to {end}")


def keeps_variables_in_bounds(subject: Subject) -> None:
    """No variable leaves its bounds while the component acts."""
    model = model_of(_acting(subject))
    while model.year.year < model.scenario.horizon.end:
        model.step()
        if out := model.state.out_of_bounds():
            subject.fault(f"in {model.year.year} it drives {', '.join(out)} out of bounds")


def keeps_its_bits_in_any_batch(subject: Subject) -> None:
    """A world has the same bits alone and in any batch; a batch of one lets a number pass for an array."""
    scenario = _acting(subject)
    whole = model_of(scenario, range(7)).run()
    for rows in ([3], [6, 4, 0]):
        changed = different(whole, model_of(scenario, rows).run(), rows)
        if changed:
            subject.fault(f"worlds {rows} alone differ in {', '.join(changed[:3])}: {HINT}")


def keeps_its_bits_when_called_in_any_batch(subject: Subject) -> None:
    """The same for what a mechanism or a metric makes of one year."""
    whole = _after(subject, (0, 1, 2, 3, 4))
    for rows in ((3,), (4, 1)):
        part = _after(subject, rows)
        changed = sorted(name for name, values in part.items() if values.tobytes() != whole[name][list(rows)].tobytes())
        if changed:
            subject.fault(f"worlds {list(rows)} alone differ in {', '.join(changed[:3])}: {HINT}")


HINT = "sum along the axes of one world only, take columns with `take`, draw random numbers from the year"


def _after(subject: Subject, worlds: tuple[int, ...]) -> dict[str, Any]:
    """The state after the component was called once, and what it returned, by name: arrays (world, ...)."""
    model = running(subject, worlds)
    with observed(model):
        returned = [call() for call in calls(model, subject)]
        after = {name: values.copy() for name, values in model.state.arrays.items()}
    return after | {f"result {n}": np.asarray(one) for n, one in enumerate(returned, 1) if one is not None}


def _acting(subject: Subject) -> Scenario:
    """A short scenario in which the component acts."""
    one = subject.plain()
    if subject.component_kind == "rules":
        return busy(rule=one)
    if subject.component_kind == "deciders":
        return busy().model_copy(update={"decides": {PAIR[0]: one}})
    return _alone(subject, one)
