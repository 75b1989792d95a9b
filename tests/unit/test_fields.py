"""What a field is stands below it, and is read when somebody asks."""

from __future__ import annotations

from pydantic import Field

from sco_sim.fields import Part


class Road(Part):
    """A road."""

    length: float
    """Kilometres."""
    lanes: int = Field(1, description="Lanes of both directions.")
    name: str = ""
    """What it is called,
    in English."""


class Tunnel(Road):
    """A road under something."""

    length: float
    depth: float = 0.0
    """Metres."""
    lit: bool = True


class Net(Part):
    """Roads."""

    roads: tuple[Road, ...] = ()
    """All of them."""


def test_the_text_below_a_field_describes_it() -> None:
    road = {"length": "Kilometres.", "lanes": "Lanes of both directions.", "name": "What it is called,\nin English."}
    assert Road.manual() == road
    assert Tunnel.manual() == {**road, "depth": "Metres.", "lit": ""}


def test_a_json_schema_has_it_at_every_depth() -> None:
    schema = Net.model_json_schema()
    assert schema["properties"]["roads"]["description"] == "All of them."
    assert schema["$defs"]["Road"]["properties"]["length"]["description"] == "Kilometres."
    assert "description" not in Tunnel.model_json_schema()["properties"]["lit"]


def test_a_class_without_source_has_none() -> None:
    names: dict[str, type[Part]] = {}
    exec("class Typed(Part):\n    size: int = 0\n    '''Metres.'''\n", {"Part": Part, "__name__": "typed"}, names)
    assert names["Typed"].manual() == {"size": ""}
