"""Channels that are outcomes: nothing else moves with them, and the ledger says of them what the tables say."""

from __future__ import annotations

import re

import numpy as np
import pytest

from sco_sim.components.registry import find, keys
from sco_sim.numerics.arrays import Array
from sco_sim.world.channels import BY_CHANNEL
from tests.worlds import CASE, busy, model_of

OUTCOMES = ("energy", "investment")
"""Nothing reads them."""
WITH_MIGRANTS = ("migrants", *OUTCOMES)
"""Migrants are read only as far as policies shift them."""


def own(names: tuple[str, ...]) -> set[str]:
    """State variables of some channels, and the metrics that read them."""
    channels = [BY_CHANNEL[name] for name in names]
    variables = {name for channel in channels for name in (*channel.values, channel.response)}
    return variables | {"settled"} | {key for key in keys("metrics") if variables & set(find("metrics", key).reads)}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("off", "fixed"),
    [(OUTCOMES, {}), (WITH_MIGRANTS, {"visa_freedom.migrants": np.zeros(2)})],
    ids=["all", "unshifted"],
)
def test_without_the_mechanism_of_an_outcome_all_else_is_the_same_to_the_bit(
    off: tuple[str, ...], fixed: dict[str, Array]
) -> None:
    """Catches an outcome that reaches a result by a way nobody declared, and luck that depends on who draws."""
    scenario = busy()
    without = scenario.without.model_copy(update={"mechanisms": off})
    models = [
        model_of(each, range(2), values=fixed) for each in (scenario, scenario.model_copy(update={"without": without}))
    ]
    blocks = [model.run() for model in models]
    both = [block.metrics | block.states | block.ties | block.agreements for block in blocks]
    both = [recorded | dict(model.state.arrays) for recorded, model in zip(both, models, strict=True)]
    moved = {name for name, values in both[0].items() if not np.array_equal(values, both[1][name], equal_nan=True)}
    assert moved <= own(off)
    assert set(off) <= moved, "they move where their mechanisms are on"


def test_five_years_of_chinese_investment_in_kazakhstan() -> None:
    """The one pair with two prints of a body that join. Catches a growth that is further off than the last number."""
    table = CASE.table("investment_stocks")
    pair = table[(table["iso3_investor"] == "CHN") & (table["body"] == "National Bank of Kazakhstan")].set_index("year")
    real = pair["stock_musd"] / CASE.known_deflator[pair.index]
    gdp = CASE.gdp(("CHN", "KAZ"), range(2016, 2022))
    rise, grown = np.log(real[2021] / real[2016]), float((gdp[-1] - gdp[0]).sum())
    entry = CASE.ledger.entries["investment.gdp_elasticity"]
    assert [rise, entry.central * grown] == pytest.approx([0.28, 0.30], abs=0.005), "docs/model.md, equation 35"
    assert entry.low * grown < rise < entry.high * grown
    assert abs(rise - entry.central * grown) < abs(rise)


def test_the_error_of_a_body_is_that_of_the_table() -> None:
    """Catches a ledger whose words or width the table has outgrown."""
    table = CASE.table("investment_stocks")
    of_pair = table[(table["iso3_investor"] == "CHN") & (table["iso3_host"] == "KAZ")]
    logs = np.log(of_pair["stock_musd"].to_numpy(dtype=float))
    entry = CASE.ledger.entries["investment.observer_error"]
    assert entry.central == pytest.approx(logs.std(ddof=1), abs=0.05)
    said = [float(number) for number in re.findall(r"\d+\.\d", entry.source)]
    assert said == pytest.approx([np.exp(logs.min()) / 1e3, np.exp(logs.max()) / 1e3], abs=0.05)
    assert "all bodies" in entry.source, "the table has their number"
