"""`sco-sim show`: everything a scenario sets in motion, before it is run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

from sco_sim.case.age import Age
from sco_sim.case.age_words import as_records, how_chosen, in_words
from sco_sim.case.case import Case
from sco_sim.case.changes import Candidate
from sco_sim.case.opened import opened
from sco_sim.commands.files import load
from sco_sim.commands.screen.belief import of_view, say_view
from sco_sim.commands.screen.output import emit, heading, say, table
from sco_sim.commands.show_budget import budget_values, print_budget
from sco_sim.commands.show_initial import (
    initial_values,
    parameter_values,
    print_initial,
    print_parameters,
    print_ties,
    starts_of,
    tie_values,
)
from sco_sim.components.base import Component
from sco_sim.components.event import SpanEvent
from sco_sim.components.policy import Policy
from sco_sim.engine.build import build_model
from sco_sim.engine.model import CooperationModel
from sco_sim.errors import counted
from sco_sim.scenario.schema import Scenario

Record = dict[str, Any]

BASE_FIELDS = frozenset(Policy.model_fields) | frozenset(SpanEvent.model_fields)


def main(
    scenario: str, *, only: Sequence[str], sets: Sequence[str], case: Path | None, seed: int, as_json: bool
) -> int:
    """Print the sections asked for, all if none is; the exit code."""
    loaded = load(scenario, sets, case)
    tables = opened(case)
    ages = tables.ages(loaded.states, loaded.horizon.start)
    model = build_model(loaded, case=tables, seed=seed, fixed_parameters=True)
    starts = cache(lambda: starts_of(model, tables, seed))
    makers: dict[str, Callable[[], list[Record]]] = {
        "states": lambda: _states(loaded, tables),
        "agreements": lambda: [_agreement(model, policy) for policy in model.agreements],
        "budget": lambda: budget_values(model, tables),
        "events": lambda: [_event(event) for event in loaded.events],
        "phases": lambda: [{"phase": phase, "component": key, "does": does} for phase, key, does in model.plan()],
        "initial": lambda: initial_values(*starts()),
        "ties": lambda: tie_values(model.ties.names, starts()[0]),
        "parameters": lambda: parameter_values(loaded, tables),
    }
    wanted = [name for name in makers if not only or name in only]
    sections = {name: makers[name]() for name in wanted}
    if as_json:
        emit({**_head(loaded, ages), **sections})
        return 0
    _print_head(loaded, ages)
    printers: dict[str, Callable[[list[Record]], None]] = {
        "states": _print_states, "agreements": _print_agreements, "budget": partial(print_budget, model),
        "events": _print_events, "phases": _print_phases,
        "initial": print_initial, "ties": print_ties, "parameters": print_parameters,
    }  # fmt: skip
    for name, rows in sections.items():
        printers[name](rows)
    return 0


def _head(scenario: Scenario, ages: Sequence[Age]) -> Record:
    return {
        "name": scenario.name, "title": scenario.title, "question": scenario.question,
        "start": scenario.horizon.start, "now": scenario.horizon.now, "end": scenario.horizon.end,
        "nowcast": scenario.nowcast, **as_records(ages),
        "decision_rule": scenario.decision_rule.key(), "rule_fields": scenario.decision_rule.model_dump(mode="json"),
        "decides": {iso: {d.key(): d.model_dump(mode="json")} for iso, d in scenario.decides.items()},
        "agenda": None if scenario.agenda is None else scenario.agenda.model_dump(mode="json"),
        "rivals": scenario.rivals.model_dump(), "hazard_on": scenario.hazard_on,
        "third_parties": scenario.third_parties,
        "switched_off": scenario.without.mechanisms, **of_view(scenario),
    }  # fmt: skip


def _print_head(scenario: Scenario, ages: Sequence[Age]) -> None:
    say(f"{scenario.title} ({scenario.name})", "bold")
    if scenario.question:
        say(scenario.question)
    say_view([scenario])
    rule, horizon = scenario.decision_rule, scenario.horizon
    facts = f"; dated events are facts to {horizon.edge}, a nowcast" if horizon.edge > horizon.start else ""
    say(f"From the state of {horizon.start}, simulated {horizon.start + 1} to {horizon.end}{facts}.")
    say(in_words(ages))
    say(how_chosen(), "dim")
    say(f"The council decides by {rule.key().replace('_', ' ')}{_in_brackets(_fields(rule))}.")
    say(
        f"Rival views: contact {scenario.rivals.contact}; consensus {scenario.rivals.consensus}; "
        f"hazard on {scenario.hazard_on}; third parties {scenario.third_parties}."
    )
    if scenario.agenda is not None:
        chairs = f"; the chair goes to {' '.join(scenario.agenda.chairs)} in turn" if scenario.agenda.chairs else ""
        say(f"A summit decides at most {counted(scenario.agenda.per_summit, 'agreement')}{chairs}.")
    for iso, decider in scenario.decides.items():
        say(f"{iso} decides by {decider.key().replace('_', ' ')}{_in_brackets(_fields(decider))}.")
    off = scenario.without.mechanisms
    if off:
        say(f"Switched off: {'all mechanisms' if off == 'all' else ', '.join(off)}.")


def _in_brackets(text: str) -> str:
    return f" ({text})" if text else ""


def _fields(component: Component, leave_out: frozenset[str] = frozenset()) -> str:
    """Its own fields as `name value`."""
    data = component.model_dump(mode="json", exclude=set(leave_out))
    return ", ".join(f"{name} {_value(value)}" for name, value in data.items() if value not in (None, "", [], ()))


def _value(value: object) -> str:
    if isinstance(value, list | tuple):
        return " ".join("-".join(map(str, v)) if isinstance(v, list | tuple) else str(v) for v in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


# --- states ----------------------------------------------------------------------------------------------------------


def _states(scenario: Scenario, tables: Case) -> list[Record]:
    """Name, status in the first year and first year as a member of every state simulated."""
    names = tables.table("states").set_index("iso3")["name"]
    dated = tables.table("statuses")
    out = []
    for iso in sorted(scenario.states):
        own = dated[(dated["iso3"] == iso) & (dated["date"].astype(str).str[:4].astype(int) <= scenario.horizon.start)]
        last = own.sort_values("date")["status"].iloc[-1] if len(own) else "none"
        given = scenario.membership.get(iso)
        since = given if isinstance(given, int) else None
        member = since is not None and since <= scenario.horizon.start
        out.append(
            {
                "iso3": iso, "name": str(names.get(iso, iso)),
                "status": "member" if member else "none" if last == "member" else str(last),
                "member_from": (
                    f"{given.chance:.0%} a year from {given.start}" if isinstance(given, Candidate) else since
                ),
                "by_scenario": given != tables.catalog.member_from.get(iso),
            }
        )  # fmt: skip
    return out


def _print_states(rows: Sequence[Record]) -> None:
    count = len(rows)
    heading(f"States: {count}, with {counted(count * (count - 1) // 2, 'tie')}")
    lines = []
    for row in rows:
        since = "never" if row["member_from"] is None else row["member_from"]
        lines.append(
            [row["iso3"], row["name"], row["status"].replace("_", " "), since, "yes" if row["by_scenario"] else ""]
        )
    headers = ["Code", "State", "At the start", "Member from", "Set by the scenario"]
    changed = any(row["by_scenario"] for row in rows)
    table(headers if changed else headers[:-1], lines if changed else [line[:-1] for line in lines], ["Member from"])


# --- agreements and events -------------------------------------------------------------------------------------------


def _agreement(model: CooperationModel, policy: Policy) -> Record:
    rule = model.council.rule.key().replace("_", " ")
    who = {
        "council": f"the council, by {rule}",
        "participants": "its participants, by consensus",
        "given": "nobody: given",
    }
    return {
        "agreement": policy.label, "policy": policy.key(), "decided_by": who[policy.decided_by],
        "start": policy.start or model.scenario.horizon.start + 1, "end": policy.end, "ramp_years": policy.ramp_years,
        "intensity": policy.intensity, "participants": policy.participants, "field": policy.field,
        "depth": policy.depth, "fields": _fields(policy, BASE_FIELDS),
    }  # fmt: skip


def _print_agreements(rows: Sequence[Record]) -> None:
    heading(f"Agreements: {len(rows)}" if rows else "Agreements: none")
    for row in rows:
        until = f" to {row['end']}" if row["end"] else ""
        begins = "in force" if row["decided_by"].startswith("nobody") else "tabled"
        policy = "" if row["policy"] == row["agreement"] else f" ({row['policy']})"
        say(f"{row['agreement']}{policy}", "cyan")
        say(
            f"  decided by {row['decided_by']}; {begins} from {row['start']}{until}; "
            f"ramp {counted(row['ramp_years'], 'year')}"
        )
        say(f"  participants {_value(row['participants'])}; intensity {row['intensity']:g}")
        say(f"  field {row['field']}; depth {row['depth']}")
        if row["fields"]:
            say(f"  {row['fields']}")


def _event(event: Any) -> Record:
    first, last = event.years()
    dates = frozenset({"start", "end", "year"})
    return {"event": event.key(), "first": first, "last": last, "fields": _fields(event, dates)}


def _print_events(rows: Sequence[Record]) -> None:
    heading("Events" if rows else "Events: none")
    if rows:
        lines = [
            [r["event"], str(r["first"]) + ("" if r["last"] == r["first"] else f"-{r['last']}"), r["fields"]]
            for r in rows
        ]
        table(["Event", "Years", "Fields"], lines)


def _print_phases(rows: Sequence[Record]) -> None:
    heading("What happens in a year, in this order")
    lines = [[str(number), row["phase"], row["component"], row["does"]] for number, row in enumerate(rows, 1)]
    table(["#", "Phase", "Component", "Does"], lines, ["#"])
