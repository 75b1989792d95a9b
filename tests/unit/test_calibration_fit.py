from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from sco_sim.case.case import Case
from sco_sim.case.changes import Override
from sco_sim.case.ledger import read_ledger
from sco_sim.errors import CaseError
from sco_sim.evidence.calibration.fit import calibrate
from sco_sim.shipped import default_case

SETTINGS = range(300)


@pytest.mark.slow
def test_the_shipped_fit_is_rebuilt_and_rebuilt_alike(tmp_path: Path) -> None:
    """Catches a fit that depends on chance, on the fit before it, or on tables other than the shipped ones."""
    first, second, shipped = tmp_path / "first", tmp_path / "second", default_case() / "fits"
    calibrate(Case(), first)
    calibrate(Case(), second)
    for file in sorted(first.glob("*.csv")):
        assert file.read_bytes() == (second / file.name).read_bytes()
        ours, theirs = (np.loadtxt(folder / file.name, delimiter=",", skiprows=1) for folder in (first, shipped))
        assert ours == pytest.approx(theirs, rel=1e-6, abs=1e-9)
    assert all(stage.resumed for stage in calibrate(Case(), first))


def test_settings_draw_whole_rows_of_the_posterior() -> None:
    """Catches marginals drawn apart from one another, which would lose the correlations of the fit."""
    ledger = read_ledger(default_case() / "parameters.yaml")
    drawn = ledger.draw(1, SETTINGS)
    for names, draws in ledger.fits:
        rows = {tuple(row) for row in draws}
        assert all(tuple(drawn[name][k] for name in names) in rows for k in SETTINGS)


@pytest.mark.slow
def test_a_range_of_the_scenarios_own_keeps_a_parameters_place() -> None:
    """Catches an override that leaves the fit's draw in force, or reshuffles the luck of the settings."""
    ledger = read_ledger(default_case() / "parameters.yaml")
    changed = ledger.in_force({"trade.noise_level": Override(low=-0.2, high=0.0)})
    before, after = (one.draw(1, SETTINGS)["trade.noise_level"] for one in (ledger, changed))
    assert np.quantile(after, [0.05, 0.95]) == pytest.approx([-0.2, 0.0], abs=0.03)
    assert np.corrcoef(before, after)[0, 1] > 0.95
    fixed = ledger.in_force({"trade.gdp_elasticity": Override(low=None, high=None, value=0.7)})
    assert (fixed.draw(1, SETTINGS)["trade.gdp_elasticity"] == 0.7).all()


def test_prior_and_posterior_are_both_kept() -> None:
    """Catches a fit that overwrites what it began with."""
    ledger = read_ledger(default_case() / "parameters.yaml")
    for name in (name for names, _ in ledger.fits for name in names):
        assert ledger.prior[name].high - ledger.prior[name].low > ledger[name].high - ledger[name].low
        assert ledger[name].kind == "measured"


def test_a_broken_fit_is_told(tmp_path: Path) -> None:
    """Catches a torn file that ends in a traceback or in silence."""
    shutil.copy(default_case() / "parameters.yaml", tmp_path)
    shutil.copytree(default_case() / "fits", tmp_path / "fits")
    record = json.loads((tmp_path / "fits" / "trade.json").read_text(encoding="utf-8"))
    del record["parameters"]
    (tmp_path / "fits" / "trade.json").write_text(json.dumps(record | {"parameters": {}}), encoding="utf-8")
    with pytest.raises(CaseError, match="cannot be read as a fit"):
        read_ledger(tmp_path / "parameters.yaml")
