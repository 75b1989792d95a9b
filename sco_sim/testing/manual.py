"""Checks that look at a class and its docstring; nothing is simulated."""

from __future__ import annotations

import inspect
import tempfile
from pathlib import Path
from typing import Any

from sco_sim.components.mechanism import PHASES, Mechanism
from sco_sim.components.metric import Metric, unknown_channel
from sco_sim.components.registry import example_of, example_text, find, keys, path_of
from sco_sim.errors import SimError, did_you_mean
from sco_sim.scenario.load import load_scenario
from sco_sim.testing.bench import PAIR, case
from sco_sim.testing.subject import Subject
from sco_sim.world.state import BY_NAME

SECTION = {"rules": "decision_rule", "deciders": "decides"}
"""Field of a scenario that names a component, where it is not called as the kind."""


def says_what_it_is(subject: Subject) -> None:
    """It has a docstring that begins with a sentence, a source, and a text under every field."""
    component = subject.component
    text = inspect.cleandoc(vars(component).get("__doc__") or "")
    if not text:
        subject.fault("it has no docstring")
    if not text.split("\n\n")[0].endswith("."):
        subject.fault("the first paragraph of its docstring is no sentence: end it with a full stop")
    if len(text.splitlines()[0]) <= 15:
        subject.fault(f"the first line of its docstring says too little: {text.splitlines()[0]!r}")
    if subject.component_kind != "metrics" and not ("Source" in text or "evidence" in text or component.rows):
        subject.fault("its docstring gives no source: add a line `Source: ...`, which may say that there is none")
    for name, described in component.manual().items():
        if not described:
            subject.fault(f"the field {name} has no text under it")


def has_a_valid_example(subject: Subject) -> None:
    """The YAML under `Example:` in its docstring is a part of a scenario file that loads."""
    text = example_text(subject.component)
    try:
        name, _ = example_of(subject.component)
    except Exception as error:  # whatever a reader of YAML makes of a text that is none
        raise AssertionError(
            f"{subject.component_kind} {subject.key}: "
            f"its docstring has no line of YAML `{subject.key}: {{...}}` under `Example:`"
        ) from error
    if name != subject.key:
        subject.fault(f"its example is one of '{name}', and its key (of the entry point, else the file) is another")
    try:
        plain = subject.plain()
        loaded = _loaded(subject.component_kind, text.replace(name, path_of(plain), 1))
    except (SimError, ValueError) as error:
        raise AssertionError(f"{subject.component_kind} {subject.key}: its example is not valid: {error}") from error
    if loaded != [plain] or type(loaded[0]) is not subject.component:
        subject.fault(f"its example becomes {loaded}, and not {plain!r}")


def _loaded(component_kind: str, text: str) -> list[Any]:
    """What a scenario file with that component holds of its kind; raises ScenarioError."""
    inner = text.replace("\n", "\n    ")
    body = {"rules": f"    {inner}", "deciders": f"  {PAIR[0]}:\n    {inner}"}.get(component_kind, f"  - {inner}")
    section = SECTION.get(component_kind, component_kind)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "example.yaml"
        file.write_text(f"extends: no_events.yaml\n{section}:\n{body}\n", encoding="utf-8")
        scenario = load_scenario(file, allow_code=True)
    value = getattr(scenario, section)
    return (
        [value] if component_kind == "rules" else list(value.values()) if component_kind == "deciders" else list(value)
    )


def declares_what_exists(subject: Subject) -> None:
    """Its parameters are in the ledger, or a plug-in brings them; its variables are those of the state."""
    component, known = subject.component, case().ledger.entries
    if len(set(component.parameters)) < len(component.parameters):
        subject.fault("it declares a parameter twice")
    for name in component.parameters:
        stem = name.removesuffix("*")
        for one in [f"{stem}{iso}" for iso in case().catalog.states] if name.endswith(".*") else [name]:
            if one not in known:
                remedy = "bring it by an entry point of the group sco_sim.ledger"
                subject.fault(f"the ledger has no parameter '{one}': {remedy}")
    for name in (*component.reads, *component.writes):
        if name not in BY_NAME:
            subject.fault(f"it declares '{name}', which is no variable of the state; {did_you_mean(name, BY_NAME)}")
    if component.writes and subject.component_kind in ("metrics", "rules", "deciders"):
        subject.fault(
            f"{subject.component_kind} only look: they write nothing, and it declares {', '.join(component.writes)}"
        )


def has_a_phase_and_streams_of_its_own(subject: Subject) -> None:
    """A mechanism runs in a phase, and no other mechanism has its random streams."""
    mechanism: type[Any] = subject.component
    phase = getattr(mechanism, "phase", None)
    if phase not in PHASES:
        subject.fault(f"its phase is {phase!r}; the phases of a year are {', '.join(PHASES)}")
    for other in (find("mechanisms", key) for key in keys("mechanisms")):
        shared = set(mechanism.streams) & set(other.streams) if issubclass(other, Mechanism) else set()
        if shared and other is not mechanism:
            subject.fault(f"the random stream '{min(shared)}' belongs to {other.key()}: give yours another name")
    if any(name.startswith("council.") for name in mechanism.streams):
        subject.fault("random streams that begin with `council.` are those of agreements")


def can_be_shown(subject: Subject) -> None:
    """A metric has a unit, a title, and an axis, direction, evidence and channel that exist."""
    metric: type[Any] = subject.component
    for name in ("unit", "title"):
        if not getattr(metric, name, ""):
            subject.fault(f"it has no {name}, which tables and figures need: `{name} = ...`")
    allowed = {
        "axis": ("world", "state", "tie"), "better": ("higher", "lower", "none"),
        "evidence": ("hindcast", "fitted", "judgement"), "sign": (-1, 1),
    }  # fmt: skip
    for name, values in allowed.items():
        if getattr(metric, name) not in values:
            subject.fault(f"its {name} is {getattr(metric, name)!r}; it can be {', '.join(map(str, values))}")
    problems = unknown_channel(metric) if issubclass(metric, Metric) else ()
    if problems:
        subject.fault(str(problems[0]))
