"""Checks that call a component in one year of a running model."""

from __future__ import annotations

from typing import Any

import numpy as np

from sco_sim.components.rule import Decision
from sco_sim.testing.bench import (
    calls,
    case,
    copies,
    model_of,
    observed,
    restore,
    running,
    shaken,
    strengths,
    variant,
)
from sco_sim.testing.subject import Subject
from sco_sim.world.state import BY_NAME, DATES


def reads_only_its_parameters(subject: Subject) -> None:
    """It reads the parameters it declares and no other."""
    model = running(subject)
    with observed(model) as asked:
        for call in calls(model, subject):
            call()
    allowed = set()
    for name in (*subject.component.parameters, *(n for one in _instances(subject) for n in one.used())):
        stem = name.removesuffix("*")
        allowed |= {f"{stem}{iso}" for iso in case().catalog.states} if name.endswith(".*") else {name}
    if subject.component_kind == "mechanisms":  # delivery asks the policies that have ended how fast they fade
        with observed(model) as fading:
            for policy in model.agreements:
                policy.fade(model.year)
        allowed |= fading.parameters
    if subject.component_kind == "deciders":  # what a text would bring is what its policy would do
        allowed |= {name for policy in model.agreements for name in policy.used()}
    undeclared = sorted(asked.parameters - allowed)
    if undeclared:
        subject.fault(f"it reads {', '.join(undeclared)}, which `parameters` does not declare")


def _instances(subject: Subject) -> list[Any]:
    """The components that are called: those of the model, else a plain one."""
    model = running(subject)
    of_model = {"policies": model.agreements, "events": model.scenario.events}.get(subject.component_kind, ())
    return [one for one in of_model if type(one) is subject.component] or [subject.plain()]


def changes_only_its_variables(subject: Subject) -> None:
    """It changes the state variables it declares and no other; a policy and an event change some."""
    model = running(subject)
    with observed(model) as asked:
        for call in calls(model, subject):
            call()
    undeclared = sorted(asked.changed - set(subject.component.writes))
    if undeclared:
        subject.fault(f"it changes {', '.join(undeclared)}, which `writes` does not declare")
    if subject.component_kind in ("policies", "events") and not asked.changed:
        subject.fault("its example changes no variable of the state")


def reads_only_its_variables(subject: Subject) -> None:
    """What it does keeps its bits whatever the variables hold that it does not declare to read."""
    model, component, deciding = running(subject), subject.component, subject.component_kind == "deciders"
    before = copies(model)

    def result() -> list[bytes]:
        returned = [call() for call in calls(model, subject)]  # None for what only writes
        written = [model.state.arrays[name] for name in component.writes if name in BY_NAME]
        return [np.asarray(values, dtype=float).tobytes() for values in (*returned, *written)]

    hidden = []
    try:
        plain = result()
        asked = {name for policy in model.agreements for name in policy.reads} if deciding else set()
        for name in sorted(set(BY_NAME) - {*component.reads, *component.writes, *asked, *DATES}):
            restore(model, before)
            shaken(model, name)
            if result() != plain:
                hidden.append(name)
    finally:
        restore(model, before)
    if hidden:
        subject.fault(f"what it does depends on {', '.join(hidden)}, which `reads` does not declare")


def draws_only_its_streams(subject: Subject) -> None:
    """A mechanism draws the random streams it declares, all of them; a decider those of agreements; others none."""
    model = running(subject)
    with observed(model) as asked:
        for call in calls(model, subject):
            call()
    own = set(getattr(subject.component, "streams", ()))
    council = "council." if subject.component_kind == "deciders" else ()
    others = {name for name in asked.streams - own if not name.startswith(council)}
    if others:
        remedy = (
            "declare it in `streams`"
            if subject.component_kind == "mechanisms"
            else "only mechanisms and the council draw"
        )
        subject.fault(f"it draws the random stream {', '.join(sorted(others))}: {remedy}")
    if own - asked.streams:
        subject.fault(f"it declares the random stream {', '.join(sorted(own - asked.streams))} and does not draw it")


def does_nothing_at_zero_strength(subject: Subject) -> None:
    """A policy at zero strength changes nothing and costs nothing."""
    model = running(subject)
    zero = np.zeros_like(strengths(model))
    policy: Any = next(one for one in model.agreements if type(one) is subject.component)
    with observed(model) as asked:
        policy.act(model.year, zero)
        outlay = policy.outlay(model.year, zero)
    if asked.changed:
        subject.fault(f"at zero strength it changes {', '.join(sorted(asked.changed))}: multiply by `strength`")
    if np.asarray(outlay).any():
        subject.fault("at zero strength it costs something: multiply the outlay by `strength`")


def has_arrays_of_its_shape(subject: Subject) -> None:
    """What a metric, a decider or the outlay of a policy returns has the worlds first, and is finite."""
    late, first = running(subject), model_of(variant(), range(3))
    for model in (late, first) if subject.component_kind == "metrics" else (late,):
        with observed(model):
            _shapes(subject, model)


def _shapes(subject: Subject, model: Any) -> None:
    worlds, states, ties = model.state.worlds, len(model.ties.states), len(model.ties)
    plain: Any = subject.plain()
    if subject.component_kind == "metrics":
        tail = {"world": (), "state": (states,), "tie": (ties,)}[plain.axis]
        values = plain.measure(model.year)
        _an_array(subject, f"measure in {model.year.year}", values, (worlds, *tail))
        if any(np.shares_memory(values, array) for array in model.state.arrays.values()):
            subject.fault("measure returns an array of the state itself: return a copy")
    elif subject.component_kind == "policies":
        placed: Any = next(one for one in model.agreements if type(one) is subject.component)
        _an_array(subject, "outlay", placed.outlay(model.year, strengths(model)), (worlds,))
    elif subject.component_kind == "deciders":
        state, agreement = next(iter(model.states.values())), model.agreements[0]
        several = plain.ambitions([state, state], agreement)
        _an_array(subject, "ambition", plain.ambition(state, agreement), (worlds,), 1.0)
        _an_array(subject, "ambitions", several, (worlds, 2), 1.0)


def decides_by_what_it_is_given(subject: Subject) -> None:
    """A rule returns ambitions of 0 to 1 that are its own arrays, and whether each text passes."""
    model, rule = running(subject), subject.plain()
    asked = strengths(model)[:, : len(model.ties.states)].copy()
    voters = model.state.member.copy()
    people, money = np.exp(model.state.log_population), np.exp(model.state.log_gdp)
    given = (asked, voters, people, money)
    before = [array.tobytes() for array in given]
    decision: Decision = rule.decide(*given, model.ties.states)  # type: ignore[attr-defined]
    if [array.tobytes() for array in given] != before:
        subject.fault("decide changes the arrays it is given")
    _an_array(subject, "adopted", decision.adopted, asked.shape, 1.0)
    if decision.passed.shape != asked.shape[:1] or decision.passed.dtype != np.bool_:
        subject.fault(f"passed has the shape {decision.passed.shape} of {decision.passed.dtype}: one bool a world")
    if decision.transfers is not None:
        _an_array(subject, "transfers", decision.transfers, asked.shape)


def _an_array(subject: Subject, what: str, values: Any, shape: tuple[int, ...], most: float = np.inf) -> None:
    """The values are finite floats of that shape, and, with a limit, from 0 to that."""
    if not isinstance(values, np.ndarray) or values.dtype != np.float64:
        subject.fault(f"{what} returns {getattr(values, 'dtype', type(values).__name__)}: an array of float64 is due")
    if values.shape != shape:
        subject.fault(f"{what} returns the shape {values.shape}, and {shape} is due: worlds come first")
    if not np.isfinite(values).all():
        subject.fault(f"{what} returns numbers that are not finite")
    if np.isfinite(most) and not ((values >= 0.0) & (values <= most)).all():
        subject.fault(f"{what} returns {values.min():.3g} to {values.max():.3g}: 0 to {most:g} is allowed")
