"""JSON Schema of a scenario file, for editors."""

from __future__ import annotations

from typing import Any

from sco_sim.components.decider import Decider
from sco_sim.components.event import Event
from sco_sim.components.policy import Policy
from sco_sim.components.registry import find, keys
from sco_sim.components.rule import Rule
from sco_sim.scenario.schema import Scenario


def schema() -> dict[str, Any]:
    """JSON Schema of a scenario file, with every component and its manual, for editors."""
    root = Scenario.model_json_schema()
    definitions: dict[str, Any] = root["$defs"]
    properties: dict[str, Any] = root["properties"]
    del properties["name"]
    for name, component_kind in (("policies", "policies"), ("events", "events"), ("decision_rule", "rules")):
        one = {"oneOf": [_entry(component_kind, key, definitions) for key in keys(component_kind)]}
        text = {"description": properties[name].get("description", "")}
        properties[name] = text | (one if component_kind == "rules" else {"type": "array", "items": one})
    entries = [_entry("deciders", key, definitions) for key in keys("deciders")]
    chosen = {"oneOf": [*entries, {"enum": keys("deciders")}, {"type": "null"}]}
    properties["decides"] = properties["decides"] | {"additionalProperties": chosen}
    for base in (Policy, Event, Rule, Decider):
        definitions.pop(base.__name__, None)
    manual = (
        "Scenario file this one builds on: in the same folder or below it, or a shipped one. Lists are added up, "
        "mappings merge at every depth."
    )
    properties["extends"] = {"type": "string", "description": manual}
    overrides = {"anyOf": [{"$ref": "#/$defs/Override"}, {"type": "number"}]}
    properties["parameters"]["additionalProperties"] = overrides
    root["required"] = []
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **root, "title": "Scenario of sco_sim"}


def _entry(component_kind: str, key: str, definitions: dict[str, Any]) -> dict[str, Any]:
    """Schema of a single-key map; the component's own definitions go to `definitions`."""
    fields = find(component_kind, key).model_json_schema()
    definitions.update(fields.pop("$defs", {}))
    return {
        "type": "object",
        "description": fields.get("description", ""),
        "properties": {key: fields},
        "required": [key],
        "additionalProperties": False,
    }
