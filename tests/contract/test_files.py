"""Each component stands in every file that CONTRIBUTING says it touches; the failure names the missing one."""

from __future__ import annotations

import pytest

from sco_sim.components.registry import KINDS, keys
from tests.worlds import ROOT

EVERYWHERE = {
    "a scenario that uses it, scenarios/*.yaml": ("policies", "events", "rules"),
    "its description, docs/model.md": ("policies", "events"),
    "the map, docs/mechanisms.md (python docs/build_mechanisms.py)": ("policies", "events", "rules", "deciders"),
    "the oracle, tests/oracle/*.py": KINDS,
    "a stress file of the oracle, tests/oracle/stress_*.yaml": ("policies", "events", "rules", "deciders"),
    "its outlay and effects worked out by hand, tests/unit/test_policies*.py": ("policies",),
    "its shocks worked out by hand, tests/unit/test_*events*.py": ("events",),
    "its evidence grade in a comparison, tests/unit/test_grades.py": ("rules",),
    "its answers worked out by hand, tests/unit/test_deciders.py": ("deciders",),
    "its values worked out by hand, tests/unit/test_metrics.py": ("metrics",),
}
"""Files beside a component's own class, and the kinds that touch them: the table in CONTRIBUTING.md."""


def missing(kind: str, key: str) -> list[str]:
    """The files that should name a component and do not."""
    wanted = [where for where, kinds in EVERYWHERE.items() if kind in kinds]
    files = {where: where.split(", ")[-1].split(" ")[0] for where in wanted}
    texts = {w: "".join(p.read_text(encoding="utf-8") for p in ROOT.glob(f) if p.is_file()) for w, f in files.items()}
    return [where for where, text in texts.items() if key not in text]


@pytest.mark.parametrize(("kind", "key"), [(kind, key) for kind in KINDS for key in keys(kind)])
def test_a_component_is_in_every_file_that_it_touches(kind: str, key: str) -> None:
    """Catches a component that runs and that a document, a scenario or the oracle does not know."""
    absent = missing(kind, key)
    assert not absent, f"{kind} {key} is not yet in: {'; '.join(absent)}"


def test_a_missing_file_is_named() -> None:
    """Catches a list that lets everything pass."""
    for kind in KINDS:
        assert missing(kind, "no_such_key") == [where for where, kinds in EVERYWHERE.items() if kind in kinds]
