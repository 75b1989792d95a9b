"""What the documents name answers when it is toggled, and only because of the component that is said to be it."""

from __future__ import annotations

import csv
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from sco_sim.components.registry import find, keys
from sco_sim.engine.build import build_model
from sco_sim.numerics.arrays import Array
from sco_sim.scenario.load import load_scenario
from sco_sim.studies.effects.documents import homes, rows
from sco_sim.studies.effects.responses import LAST, Response, measure, responses, silent
from tests.worlds import CASE, ROOT

LATE = {"A14", "B4", "C18", "P6"}
"""Rows that .ci/run alone tries: what stands for them is tried under another row too, or cannot be emptied."""
MOST_SILENT = 8
EMPTIED = {"policies": "act", "events": "act", "mechanisms": "step"}
"""Method without which a component does nothing."""
OF_THE_TEXT = {
    "adopted",
    "delivered",
    "adopted_year",
    "ratified",
    "pending",
    "force_year",
    "delivered_year",
    "tabled_years",
    "lost_to_veto",
    "lost_to_delivery",
    "hold_out",
    "built",
    "built_year",
    "building",
    "owed",
    "paid",
    "received",
    "cost",
}
"""Variables of the agreement itself."""
FIRST = {response.row: response for response in reversed(responses())}
"""The first response of each row; what else stands under a row is a component of its own."""
by_row = pytest.mark.parametrize(
    "response",
    [
        pytest.param(one, marks=() if FIRST[one.row] is one and one.row not in LATE else pytest.mark.slow)
        for one in responses()
    ],
    ids=lambda response: f"{response.row}-{response.outcome}",
)


def test_every_row_of_the_documents_is_in_the_table() -> None:
    """Catches a statement that nobody tries, and two lines that the page cannot tell apart."""
    tried = {response.row for response in responses()}
    assert set(rows()) <= tried | set(silent())
    assert len(tried) >= 75
    assert tried <= set(rows())
    assert len({(response.row, response.outcome) for response in responses()}) == len(responses())


def test_every_component_that_claims_a_row_is_tried() -> None:
    """Catches a component that stands beside a statement and is toggled nowhere."""
    claimed = {one for of_row in homes().values() for one in of_row if one[0] != "metrics"}
    tried = {response.component for response in responses()}
    assert claimed - tried == {("rules", "consensus")}, "the rule that all others are compared with"


def test_few_rows_are_silent_and_each_says_why() -> None:
    """Catches a table that excuses what does not act."""
    assert len(silent()) <= MOST_SILENT
    assert set(silent()) <= set(rows())
    assert all(len(why) > 40 for why in silent().values())


@by_row
def test_what_the_row_names_answers(response: Response) -> None:
    """Catches a name on nothing: the variable that the document names does not move, or the wrong way."""
    measured = measure(response, CASE)
    assert measured.answers(response.sign), measured
    with (ROOT / "docs" / "responses.csv").open(encoding="utf-8", newline="") as file:
        lines = {(line["row"], line["outcome"], line["view"]): line for line in csv.DictReader(file)}
    written = lines[response.row, response.outcome, response.view]
    near = pytest.approx(float(written["difference"]), rel=0.02, abs=0.1 * measured.error + 1e-12)
    assert measured.difference == near, "run `python docs/build_mechanisms.py`"


@pytest.mark.slow
@by_row
def test_nothing_answers_once_the_component_is_emptied(response: Response, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a row that answers by something else than the component that claims it."""
    kind, key = response.component
    if kind not in EMPTIED:
        pytest.skip("a rule and a decider cannot be emptied")
    monkeypatch.setattr(find(kind, key), EMPTIED[kind], lambda *_: None)
    assert not measure(response, CASE).answers(response.sign)


def trace(key: str) -> Array:
    """What a policy moves, given alone: the mean change of every variable in every year, each in its own spread."""
    given = f"policies=[{{{key}: {{start: 2027, decided_by: given}}}}]"
    if key == "border_settlement":
        given = given.replace("start", "participants: [CHN, IND, PAK], start")
    if key == "gas_pipeline":
        given = given.replace("start", "route: [RUS, KAZ, CHN], capacity_bcm: 35, construction_years: 1, start")
    if key == "trade_corridor":
        given = given.replace("start", "corridor: north_south_corridor, start")
    ends = [f"horizon.end={LAST}", "view=documents"]
    models: list[Any] = [
        build_model(load_scenario("no_events", [*ends, *more]), case=CASE, worlds=4) for more in ([], [given])
    ]
    moved = []
    while models[0].year.year < LAST:
        for model in models:
            model.step()
        before, after = (model.state.arrays for model in models)
        for name in sorted(set(before) - OF_THE_TEXT):
            moved.append((after[name] - before[name]).ravel() / (before[name].std() + 1e-9))
    return np.concatenate(moved)


@pytest.mark.slow
def test_no_policy_is_another_name_of_the_same_equation() -> None:
    """Catches levers that differ in their names alone: what they move is the same but for its size."""
    traces = {key: trace(key) for key in keys("policies")}
    still = [key for key, moved in traces.items() if not np.abs(moved).max() > 1e-12]
    assert not still, "moves nothing"
    size = {key: np.linalg.norm(moved) for key, moved in traces.items()}
    same = [
        (one, other) for one, other in combinations(traces, 2)
        if abs(traces[one] @ traces[other]) > 0.999 * size[one] * size[other]
    ]  # fmt: skip
    assert not same
