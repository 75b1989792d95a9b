"""`sco-sim list`: what there is to put into a scenario, and what comes out."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, cast

from sco_sim.commands.files import load, shipped
from sco_sim.commands.screen.output import emit, say, table
from sco_sim.components.base import Component
from sco_sim.components.event import Event
from sco_sim.components.mechanism import Mechanism
from sco_sim.components.metric import Metric
from sco_sim.components.policy import Policy
from sco_sim.components.registry import find, keys
from sco_sim.scenario.schema import EVIDENCE

Record = dict[str, Any]


def main(listed: StrEnum, case: Path | None, as_json: bool) -> int:
    """Print one line, or a short block, for each thing of a kind; the exit code."""
    name = str(listed.value)
    show: Callable[[Sequence[Record]], None]
    if name == "scenarios":
        rows, show = _scenarios(case), _print_scenarios
    elif name == "views":
        rows, show = _views(case), _print_views
    elif name == "parameters":
        rows, show = _parameters(case), _print_parameters
    elif name == "metrics":
        rows, show = [_metric(key) for key in keys(name)], _print_metrics
    elif name == "mechanisms":
        rows, show = _mechanisms(), _print_mechanisms
    else:
        rows, show = [_component(name, key) for key in keys(name)], _printer(name)
    if as_json:
        emit(rows)
    else:
        show(rows)
    return 0


def _story(component: type[Component]) -> str:
    return (inspect.getdoc(component) or "").splitlines()[0]


def _component(component_kind: str, key: str) -> Record:
    """Key, story, example and fields of a component that a scenario file can name."""
    component = find(component_kind, key)
    text = inspect.getdoc(component) or ""
    example = text.partition("Example:")[2].strip()
    return {
        "key": key,
        "story": _story(component),
        "example": example,
        "fields": _fields(component),
        "rows": list(component.rows),
    }


def _fields(component: type[Component]) -> list[Record]:
    out, manual = [], component.manual()
    for name, field in component.model_fields.items():
        default = "required" if field.is_required() else field.get_default(call_default_factory=True)
        inherited = any(name in base.model_fields for base in (Policy, Event) if issubclass(component, base))
        out.append(
            {"field": name, "default": default, "manual": " ".join(manual[name].split()), "inherited": inherited}
        )
    return out


def _printer(component_kind: str) -> Callable[[Sequence[Record]], None]:
    def show(rows: Sequence[Record]) -> None:
        for row in rows:
            say(row["key"], "bold")
            say(f"  {row['story']}")
            _print_fields([field for field in row["fields"] if not field["inherited"]])
            if row["example"]:
                say(f"  e.g. {row['example']}", "dim")
        if component_kind == "policies":
            say("every policy also has", "bold")
            _print_fields([field for field in rows[0]["fields"] if field["inherited"]])

    return show


def _print_fields(fields: Sequence[Record]) -> None:
    for field in fields:
        default = field["default"]
        shown = "required" if default == "required" else f"default {_default(default)}"
        say(f"    {field['field']} ({shown}): {field['manual']}")


def _default(value: object) -> str:
    return "none" if value in (None, "", ()) else str(value)


def _metric(key: str) -> Record:
    measure = cast("type[Metric]", find("metrics", key))
    return {
        "key": key, "title": measure.title, "unit": measure.unit, "better": measure.better,
        "evidence": measure.evidence,
        "axis": measure.axis, "story": _story(measure),
    }  # fmt: skip


def _print_metrics(rows: Sequence[Record]) -> None:
    headers = ["Metric", "Unit", "Better", "Evidence", "Per", "What it is"]
    fields = ("key", "unit", "better", "evidence", "axis", "story")
    table(headers, [[row[field] for field in fields] for row in rows])


def _mechanisms() -> list[Record]:
    rows = []
    for key in keys("mechanisms"):
        mechanism = cast("type[Mechanism]", find("mechanisms", key))
        rows.append(
            {"key": key, "phase": mechanism.phase, "story": _story(mechanism), "parameters": list(mechanism.parameters)}
        )
    return rows


def _print_mechanisms(rows: Sequence[Record]) -> None:
    table(["Mechanism", "Phase", "What it does"], [[row["key"], row["phase"], row["story"]] for row in rows])
    say("The exact order of a scenario's year: `sco-sim show SCENARIO --only phases`.", "dim")


def _scenarios(case: Path | None) -> list[Record]:
    scenarios = [load(name, (), case, costs=False) for name in shipped()]
    return [
        {
            "name": s.name, "title": s.title, "question": s.question, "start": s.horizon.start, "end": s.horizon.end,
            "agreements": [policy.label for policy in s.policies], "decision_rule": s.decision_rule.key(),
        }
        for s in scenarios
    ]  # fmt: skip


def _print_scenarios(rows: Sequence[Record]) -> None:
    lines = [[row["name"], f"{row['start']}-{row['end']}", row["title"], row["question"]] for row in rows]
    table(["Scenario", "Years", "Title", "Question"], lines)


def _views(case: Path | None) -> list[Record]:
    from sco_sim.case.read_catalog import read_catalog
    from sco_sim.scenario.views import load_view, views
    from sco_sim.shipped import default_case

    catalog = read_catalog(default_case() if case is None else case)
    shown = [load_view(name, catalog) for name in views()]
    return [{**view.model_dump(mode="json", exclude_none=True), "belief": view.name != EVIDENCE} for view in shown]


def _print_views(rows: Sequence[Record]) -> None:
    lines = [
        [row["name"], "belief" if row["belief"] else "evidence", len(row["overrides"]), row["title"], row["about"]]
        for row in rows
    ]
    table(["View", "What it is", "Entries", "Title", "About"], lines, ["Entries"])
    say("`sco-sim list views --json` has every belief with its reason and source.", "dim")


def _parameters(case: Path | None) -> list[Record]:
    from sco_sim.case.ledger import read_ledger
    from sco_sim.shipped import default_case

    ledger = read_ledger((case or default_case()) / "parameters.yaml")
    fields = ("symbol", "name", "unit", "central", "low", "high", "distribution", "kind", "source", "note")
    rows = []
    for name, entry in ledger.entries.items():
        prior = ledger.prior.get(name)
        before = {f"prior_{f}": getattr(prior, f) if prior else None for f in ("central", "low", "high", "source")}
        bounds = entry.bounds
        limits = {"limit_low": bounds.low, "limit_high": bounds.high, "limits_reason": bounds.reason}
        rows.append({"parameter": name, **{f: getattr(entry, f) for f in fields}, **limits, **before})
    return rows


def _print_parameters(rows: Sequence[Record]) -> None:
    headers = ["Parameter", "Central", "5-95 %", "Prior 5-95 %", "Unit", "Kind", "Source"]
    lines = []
    for row in rows:
        span = "fixed" if row["low"] == row["high"] else f"{row['low']:.4g} to {row['high']:.4g}"
        fitted = row["prior_low"] is not None
        prior = f"{row['prior_low']:.4g} to {row['prior_high']:.4g}" if fitted else "not fitted"
        lines.append([row["parameter"], f"{row['central']:.4g}", span, prior, row["unit"], row["kind"], row["source"]])
    table(headers, lines, headers[1:4])
