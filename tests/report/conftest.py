"""What several tests of the report share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.command_line import fine

EXPERIMENT = """\
title: "Cities & <b>rules</b>"
question: How many?
scenarios: [sister_cities]
sweep:
  factors:
    rule: {path: decision_rule, kind: categorical, values: [consensus, opt_in], role: lever}
    gravity: {path: parameters.trade.gdp_elasticity, low: 0.2, high: 0.4}
    pairs: {path: policies.sister_cities.new_pairs_per_year, low: 5, high: 40, role: lever}
  design: {grid: {levels: 2}}
  worlds: 3
  outcomes: [cities_total, agreements_adopted]
  years: [2030]
"""


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sweep")
    (folder / "cities.yaml").write_text(EXPERIMENT, encoding="utf-8")
    fine("sweep", folder / "cities.yaml", "--out", folder / "out")
    return folder / "out"
