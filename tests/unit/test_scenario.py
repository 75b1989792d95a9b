"""The schema of a scenario: complete, frozen, and the same after a round trip."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from sco_sim.case.changes import Override
from sco_sim.components.event import Event
from sco_sim.components.registry import find, keys
from sco_sim.fields import Part
from sco_sim.scenario.json_schema import schema
from sco_sim.scenario.load import load_scenario
from sco_sim.scenario.schema import Horizon, Rivals, Scenario, Without
from sco_sim.shipped import shipped_scenarios


class Flood(Event):
    """An event of another package."""

    year: int
    """Year of the flood."""

    def years(self) -> tuple[int, int]:
        return self.year, self.year


@pytest.mark.parametrize("name", sorted(path.stem for path in shipped_scenarios().glob("*.yaml")))
def test_resolved_round_trip(name: str) -> None:
    scenario = load_scenario(name, ["parameters.trust.persistence=0.3", "rivals.contact=backlash"])
    stored = json.loads(json.dumps(scenario.resolved(), allow_nan=False))
    again = Scenario.from_resolved(stored)
    assert again == scenario
    assert json.dumps(again.resolved()) == json.dumps(scenario.resolved())


def test_components_of_other_packages_come_back(tmp_path: Path) -> None:
    path = tmp_path / "flood.yaml"
    path.write_text(f"horizon: {{start: 2020, end: 2030}}\nevents:\n  - {__name__}:Flood: {{year: 2025}}\n")
    scenario = load_scenario(path, allow_code=True)
    assert scenario.events == (Flood(year=2025),)
    assert Scenario.from_resolved(scenario.resolved()) == scenario


def test_a_scenario_is_frozen_and_refuses_spoilt_data() -> None:
    scenario = load_scenario("baseline")
    with pytest.raises(ValidationError):
        scenario.title = "other"  # type: ignore[misc]
    with pytest.raises(ValidationError):
        Scenario.from_resolved(scenario.resolved() | {"horizon": {"start": 2020, "end": 2010}})
    with pytest.raises(ValidationError):
        Scenario.from_resolved(scenario.resolved() | {"extra": 1})


@pytest.mark.parametrize("part", [Scenario, Horizon, Rivals, Without, Override])
def test_every_field_has_its_manual(part: type[Part]) -> None:
    assert all(part.manual().values())


def test_schema_knows_every_component_and_its_fields() -> None:
    found = schema()
    json.dumps(found, allow_nan=False)
    properties = found["properties"]
    for section, kind in (("policies", "policies"), ("events", "events")):
        entries = properties[section]["items"]["oneOf"]
        assert [entry["required"][0] for entry in entries] == keys(kind)
        for entry in entries:
            (key,) = entry["required"]
            fields = entry["properties"][key]["properties"]
            assert set(fields) == set(find(kind, key).model_fields)
            assert all(field.get("description") for field in fields.values()), key
    assert [entry["required"][0] for entry in properties["decision_rule"]["oneOf"]] == keys("rules")
    assert "name" not in properties
    assert {"extends", "without", "horizon"} <= set(properties)
    references = json.dumps(found).split('"#/$defs/')[1:]
    assert {text.split('"')[0] for text in references} <= set(found["$defs"])
