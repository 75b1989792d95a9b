"""Write docs/mechanisms.md from the code: every causal statement of the documents, where it is, and whether it acts.

    python docs/build_mechanisms.py [--page]

Statements, documents and notes are those of sco_sim/studies/effects/mechanism_rows.csv; which component a row has, its
parameters, its kinds of evidence, the scenario that shows it and the test that names it are read off the code. What is
toggled for a row stands in responses.yaml beside that table; what answers is measured, a minute or two, and written to
docs/responses.csv first. With --page the page is made from the responses measured before.
"""

from __future__ import annotations

import ast
import csv
import re
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

from sco_sim.case.case import Case
from sco_sim.case.ledger import Ledger, read_ledger
from sco_sim.components.base import Component
from sco_sim.components.deciders.stakes import Stakes
from sco_sim.components.registry import KINDS, find, keys
from sco_sim.scenario.load import load_scenario
from sco_sim.shipped import default_case, shipped_scenarios
from sco_sim.studies.effects.documents import homes, rows
from sco_sim.studies.effects.responses import FIRST, LAST, START, WORLDS, Toggle, measure, responses, silent

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "mechanisms.md"
MEASURED = ROOT / "docs" / "responses.csv"
VIEWS = ("documents", "evidence", "sceptic")

HEAD = """# What the documents describe, and where it is in the model

<!-- written by `python docs/build_mechanisms.py`; do not edit -->

Every causal statement of the five documents, in this project's words, and its home. Nothing is proven by standing
here: the texts give no effect sizes, so a parameter of kind judgement is a range that we assume, as a rule centred on
nothing. `sco-sim effects` shows what each policy and event does beside what the documents promise. D0 is the document
on culture and partnership, D1 on heritage, D2 the symposium abstract, D3 "Greater ambition", D4 twenty years of the
organisation.
"""
GROUPS = {
    "A": "Achievements: what works already",
    "B": "Challenges: what brakes",
    "C": "Recommendations: what to do",
    "P": "Prospects and context",
    "N": "Read later: statements that no row had",
}
RESPONSES = f"""What the statement names is toggled, and the variable that it names is read: the mean over {FIRST} to
{LAST} of the difference between {WORLDS} pairs of worlds, with twice its standard error, once under each view of
`sco-sim list views`. Policies are given from {START} on. *+* and *-* are differences beyond that error, *either*
differences of both signs, *nothing* none at all. Under the documents' view the sign expected is that of the statement;
under the evidence much has no size, and a range around nothing answers either way. A test measures each again and looks
whether the answer goes when the component is emptied. A row stands here more than once where several components claim
it. Of the rows about how states decide some are left to `sco-sim rules`.
"""
SILENT = """What is left of these rows has nothing to answer with in this model, or nothing that could be measured:
"""
SHARED = """Levers that write one variable are one channel there: what tells them apart is their size in the ledger,
the ties or states on which they act, their pace and their cost, and not another equation. Nothing in the documents says
how the goodwill of a health programme differs from that of a language institute, so `effect_trust` is one sum; do not
read their difference under that heading as a finding.
"""
COMPONENTS = """Parameters are entries of the ledger, with their kind of evidence. The last column names a test that
fails without the component: one of its own, or `oracle[scenario]`, which is
`tests/oracle/test_oracle.py::test_model_equals_oracle_in_every_number_of_every_year[scenario]` and computes every
number of that scenario a second time, or `oracle`, which knows every metric. The contract and invariance tests find
every component by themselves.
"""


def page() -> str:
    """The whole page."""
    home = homes()
    lines = [HEAD.rstrip()]
    for letter, title in GROUPS.items():
        lines += ["", f"## {title}", "", "| row | statement | documents | component |", "|---|---|---|---|"]
        for name, row in rows().items():
            if name.startswith(letter):
                at = ", ".join(f"{singular(kind)} `{key}`" for kind, key in home[name]) or "none: see below"
                lines.append(f"| {name} | {row.statement} | {', '.join(row.documents)} | {at} |")
    lines += ["", "## Where a component does not say it all, or there is none", ""]
    lines += [f"- **{row.row}** {row.note}." for row in rows().values() if row.note]
    lines += ["", "## What answers", "", RESPONSES.rstrip(), "", *_responses()]
    lines += ["", "## One channel, many levers", "", SHARED.rstrip(), "", *_shared()]
    lines += ["", "## Components", "", COMPONENTS.rstrip(), ""]
    return "\n".join([*lines, *_components(home)]) + "\n"


def measured(case: Case) -> list[dict[str, str]]:
    """A line for each row of the table of responses and each view."""
    lines = []
    for response in responses():
        for view in VIEWS:
            answer = measure(replace(response, view=view), case)
            lines.append(
                {"row": response.row, "view": view, "outcome": response.outcome, "expected": response.sign,
                 "difference": f"{answer.difference:.6g}", "standard_error": f"{answer.error:.3g}", "sign": answer.sign}
            )  # fmt: skip
    return lines


def _responses() -> list[str]:
    with MEASURED.open(encoding="utf-8", newline="") as file:
        lines = {(line["row"], line["outcome"], line["view"]): line for line in csv.DictReader(file)}
    headers = ("row", "toggled", "with", "variable", "expected", *(f"under {view}" for view in VIEWS))
    out = ["| " + " | ".join(headers) + " |", "|" + "---|" * len(headers)]
    for response in responses():
        cells = [response.row, _words(response.toggle), _words(response.both), f"`{response.outcome}`", response.sign]
        for view in VIEWS:
            line = lines[response.row, response.outcome, view]
            size = f" {float(line['difference']):+.2g} ({2.0 * float(line['standard_error']):.1g})"
            cells.append(line["sign"] + (size if line["sign"] != "nothing" else ""))
        out.append("| " + " | ".join(cells) + " |")
    return [*out, "", SILENT.rstrip(), "", *(f"- **{row}** {why}." for row, why in silent().items())]


def _shared() -> list[str]:
    """A line for each variable that several policies write."""
    writers: dict[str, list[str]] = {}
    for key in keys("policies"):
        for name in find("policies", key).writes:
            writers.setdefault(name, []).append(f"`{key}`")
    lines = ["| variable | policies |", "|---|---|"]
    many = sorted(((name, who) for name, who in writers.items() if len(who) > 1), key=lambda one: -len(one[1]))
    return [*lines, *(f"| `{name}` | {len(who)}: {', '.join(who)} |" for name, who in many)]


def _words(toggle: Toggle) -> str:
    """Components and settings of one side."""
    parts = [f"`{key}`" for name in ("policies", "events") for key in getattr(toggle, name)]
    return ", ".join([*parts, *(f"`{text}`" for text in toggle.set)])


def _components(home: dict[str, list[tuple[str, str]]]) -> list[str]:
    ledger = read_ledger(default_case() / "parameters.yaml")
    headers = ("component", "rows", "parameters", "shown by", "test")
    lines = ["| " + " | ".join(headers) + " |", "|" + "---|" * len(headers)]
    for kind in KINDS:
        for key in keys(kind):
            claimed = [name for name, places in home.items() if (kind, key) in places]
            if claimed or kind in ("policies", "events", "rules", "deciders"):
                parameters = _parameters(find(kind, key), ledger)
                cells = (
                    f"{singular(kind)} `{key}`",
                    ", ".join(claimed),
                    parameters,
                    shown_by(kind, key),
                    test_of(kind, key),
                )
                lines.append("| " + " | ".join(cells) + " |")
    return lines


def singular(kind: str) -> str:
    """One component of a kind."""
    return {"policies": "policy"}.get(kind, kind.removesuffix("s"))


def _parameters(component: type[Component], ledger: Ledger) -> str:
    """Its ledger entries with their kind of evidence; entries per state or corridor by their first."""
    told = []
    for name in component.parameters:
        first = next(e for e in ledger.entries if e == name or (name.endswith(".*") and e.startswith(name[:-1])))
        told.append(f"`{name}` {ledger.entries[first].kind}")
    return ", ".join(told) or "none"


@cache
def shown() -> dict[tuple[str, str], list[str]]:
    """Kind and key to the shipped scenarios that use it: one of its name first, then those of few components."""
    found: dict[tuple[str, str], list[tuple[bool, int, str]]] = {}
    for path in sorted(shipped_scenarios().glob("*.yaml")):
        scenario = load_scenario(path)
        size = len(scenario.policies) + len(scenario.events)
        used = [("policies", one.key()) for one in scenario.policies]
        used += [("events", one.key()) for one in scenario.events]
        used += [("deciders", one.key()) for one in (Stakes(), *scenario.decides.values())]
        for name in {*used, ("rules", scenario.decision_rule.key())}:
            found.setdefault(name, []).append((scenario.name != name[1], size, scenario.name))
    return {name: [scenario for _, _, scenario in sorted(uses)] for name, uses in found.items()}


def shown_by(kind: str, key: str) -> str:
    """A shipped scenario that uses it."""
    if kind in ("mechanisms", "metrics"):
        return "every scenario"
    uses = shown().get((kind, key), [])
    return f"`{uses[0]}`" if uses else "none"


@cache
def _tests() -> list[tuple[str, str]]:
    """File and name of every test function, sorted."""
    found = []
    for path in (ROOT / "tests").rglob("test_*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                found.append((path.relative_to(ROOT).as_posix(), node.name))
    return sorted(found)


def test_of(kind: str, key: str) -> str:
    """A test of its own, if one bears its name; otherwise the oracle's test of a scenario that uses it."""
    if kind == "metrics":
        return "`oracle`"
    about = r"/test_(policies|events|rules|council|deciders)\w*\.py"
    own = [f"`{file}::{name}`" for file, name in _tests() if key in name and re.search(about, file)]
    if own and kind != "mechanisms":
        return own[0]
    return f"`oracle[{shown().get((kind, key), ['baseline'])[0]}]`"


if __name__ == "__main__":
    if "--page" not in sys.argv:
        table = measured(Case())
        with MEASURED.open("w", encoding="utf-8", newline="") as written:
            writer = csv.DictWriter(written, list(table[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(table)
    PAGE.write_text(page(), encoding="utf-8")
    print(f"written: {PAGE.relative_to(ROOT)}, {len(rows())} rows")
