"""Who pays and who gains: outlay, contribution, receipts and gain side by side."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sco_sim.studies.comparison.grids import wide
from sco_sim.studies.comparison.payers import AMOUNTS, COLUMNS, moving, owing, payer_rows, payer_table
from sco_sim.studies.comparison.tables import TwoRuns
from tests.unit.fake_runs import FakeRun


class Paying(FakeRun):
    """A railway of 100 million: China pays 75 and has lent Kirgizia and itself half of it; they owe by 60 and 40."""

    def states(self, years: Any = None) -> pd.DataFrame:
        frame = super().states(years)
        paid = frame["iso3"].map({"CHN": 75.0, "KGZ": 25.0}).fillna(0.0) * self.lift
        owed = frame["iso3"].map({"CHN": 30.0, "KGZ": 20.0}).fillna(0.0) * self.lift
        return frame.assign(contribution_musd=paid, received_musd=0.0, gdp=10.0, debt_gdp_share=owed / 1e4 * 100.0)

    @property
    def scenario(self) -> Any:
        loan = SimpleNamespace(loan=SimpleNamespace(lender="CHN"))
        return SimpleNamespace(**{**vars(self.told), "agreements": (loan, SimpleNamespace(loan=None))})


def rows(*, together: bool = True) -> pd.DataFrame:
    return payer_table([*payer_rows(TwoRuns(Paying(), Paying("railway", 1.0), together=together), 2030)])


def test_outlays_are_paid_and_owed_and_sum_to_the_cost() -> None:
    """Catches a lender whose claims count as its own outlay, and a debtor that seems to get its part for nothing."""
    table = rows().set_index("iso3")
    assert table["outlay_musd"][["CHN", "KGZ"]].tolist() == pytest.approx([75.0 + 30.0 - 50.0, 25.0 + 20.0])
    assert table["outlay_musd"].sum() == pytest.approx(table["contribution_musd"].sum()) == pytest.approx(100.0)
    assert list(table.index[:2]) == ["CHN", "KGZ"], "who pays most comes first"


def test_the_ratio_is_trade_gained_for_each_dollar_paid() -> None:
    """Catches a mean of ratios, bn beside million, a trade that is counted at one end, a ratio of who pays nothing."""
    table = rows().set_index("iso3")
    ties = [run.ties([2030]).groupby("tie")["trade"].mean() for run in (FakeRun(), FakeRun("railway", 1.0))]
    gained = 1e3 * (ties[1] - ties[0])[["CHN-IND", "CHN-KGZ", "CHN-RUS"]].sum()
    assert table["trade_musd"]["CHN"] == pytest.approx(gained)
    assert table["ratio"]["CHN"] == pytest.approx(gained / 55.0)
    assert table["ratio_se"]["CHN"] > 0.0
    assert np.isnan(table["ratio"]["IND"])


def test_who_earns_by_a_loan_has_no_ratio() -> None:
    """Catches trade gained for each USD saved or earned that passes for trade gained for each USD paid."""

    class Earning(Paying):
        def states(self, years: Any = None) -> pd.DataFrame:
            frame = super().states(years)
            paid = frame["contribution_musd"].where(frame["iso3"] != "CHN", -75.0 * self.lift)
            return frame.assign(contribution_musd=paid)

    two = TwoRuns(Earning(), Earning("railway", 1.0), together=True)
    table = payer_table([*payer_rows(two, 2030)]).set_index("iso3")
    assert table["outlay_musd"]["CHN"] < 0.0
    assert np.isnan(table["ratio"]["CHN"])
    assert table["ratio"]["KGZ"] == table["ratio"]["KGZ"]


def test_what_is_not_paired_or_moves_nothing_has_no_row() -> None:
    assert tuple(rows().columns) == COLUMNS
    assert rows(together=False).empty
    still = rows().assign(**dict.fromkeys(AMOUNTS, 0.0))
    assert moving(still).empty


def test_of_several_lenders_nobody_is_said_to_be_owed_what_is_not_stored() -> None:
    """Catches claims given to the first lender."""
    run = Paying("railway", 1.0)
    two = SimpleNamespace(scenario=SimpleNamespace(agreements=[
        SimpleNamespace(loan=SimpleNamespace(lender=iso)) for iso in ("CHN", "RUS")]))  # fmt: skip
    states = wide(run, "states", ["debt_gdp_share", "gdp"], [2030])
    owed = owing(two, states)["owed_musd"].iloc[0]  # type: ignore[arg-type]
    assert np.isnan(owed["CHN"])
    assert np.isnan(owed["RUS"])
    assert owed["KGZ"] == pytest.approx(20.0)
