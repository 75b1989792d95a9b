"""Write the growth entries of the ledger from the tables: `python calibration/growth_priors.py [--check]`.

Growth is that of GDP in current USD over the US deflator, the unit of the model. Its centre is what the IMF projects
(data/growth_outlook.csv). Its error is that of the record: realised means about what was known before them, less what
the noise of single years makes of them. Five-year means were off by more than that error says (see the note of each
entry), since booms and exchange rates come back: an error that stays for a whole run is that of fifteen-year means.
The noise of a year is that of real growth (volume) and, apart from it, that of prices and exchange rates.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from sco_sim.case.case import Case
from sco_sim.numerics.arrays import Array

HERE = Path(__file__).parent
LEDGER = HERE / "parameters.yaml"
FIRST, LAST = 1993, 2024
"""Years of growth in the tables."""
NOISE_FROM = 2002
"""First year of the noise: the years before are those of transition."""
SHORT, LONG = 5, 15
"""Years ahead over which realised means are held against what was known."""
FIRST_ORIGIN = 2000
OWN = 0.25
"""Weight of a state's own past mean in what was known before; the rest is the mean of all states so far."""
COMMON_TO = 2010
"""Last year of what states have in common: later ones are for scoring."""
Z95 = 1.6448536269514722


def growth(case: Case) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Yearly growth (ln) in the unit of the model and of volume, each (year, state)."""
    states, years = tuple(sorted(case.catalog.states)), range(FIRST - 1, LAST + 1)
    real = np.log(case.state_path("gdp_constant_2015_usd", states, years))
    index = pd.Index(years[1:], name="year")
    return (
        pd.DataFrame(np.diff(case.gdp(states, years), axis=0), index, columns=list(states)),
        pd.DataFrame(np.diff(real, axis=0), index, columns=list(states)),
    )


def errors_of_means(nominal: pd.DataFrame, ahead: int) -> Array:
    """Mean growth of so many years after each origin less what was known before it, all states and origins."""
    errors = []
    for origin in range(FIRST_ORIGIN, LAST - ahead + 1):
        past = nominal.loc[:origin].mean()
        known = OWN * past + (1.0 - OWN) * past.mean()
        errors.append((nominal.loc[origin + 1 : origin + ahead].mean() - known).to_numpy())
    found = np.concatenate(errors)
    return found[np.isfinite(found)]


def halfway(own: pd.Series) -> pd.Series:
    """Standard deviations drawn halfway to their median, in variance: twenty years say only so much of a state."""
    return np.sqrt(0.5 * own**2 + 0.5 * own.median() ** 2)


def mean_correlation(yearly: pd.DataFrame) -> tuple[float, float]:
    """Mean correlation between states over NOISE_FROM to COMMON_TO, and its error with the years left out in turn."""
    window = yearly.loc[NOISE_FROM:COMMON_TO].dropna(axis=1)

    def mean(part: pd.DataFrame) -> float:
        matrix = part.corr().to_numpy(dtype=float)
        return float(matrix[np.triu_indices(len(matrix), 1)].mean())

    without = np.array([mean(window.drop(year)) for year in window.index])
    return mean(window), float(np.sqrt((len(without) - 1) * without.var()))


def common_entries(real: pd.DataFrame, noise: pd.DataFrame) -> list[str]:
    """How much of the yearly shocks all states share."""
    lines = []
    for stem, what, yearly in (
        ("volume", "real growth", real), ("prices", "prices and exchange rates in USD", noise.drop(columns="USA")),
    ):  # fmt: skip
        centre, error = mean_correlation(yearly)
        reach = Z95 * error
        lines += _entry(
            f"growth.common_{stem}", "r_V" if stem == "volume" else "r_X",
            f"share of the yearly variance of {what} that all states have in common", "1", centre,
            max(centre - reach, 0.0), min(centre + reach, 0.95), "measured",
            f"mean correlation between states, World Bank and IMF national accounts {NOISE_FROM}-{COMMON_TO}",
            "years after 2010 are for scoring",
        )  # fmt: skip
    return lines


def entries(case: Case) -> str:
    """The entries as YAML, indented as in the ledger."""
    nominal, real = growth(case)
    noise = nominal.loc[NOISE_FROM:] - real.loc[NOISE_FROM:]
    volume, prices = halfway(real.loc[NOISE_FROM:].std()), halfway(noise.std().drop("USA"))
    yearly = float((real.loc[NOISE_FROM:].var() + noise.var()).mean())
    short, long = ((errors_of_means(nominal, ahead) ** 2).mean() for ahead in (SHORT, LONG))
    of_mean = float(np.sqrt(max(long - yearly / LONG, 0.0)))
    note = f"root mean square error of means, 2000-24: {np.sqrt(short):.3f} over 5 years, {np.sqrt(long):.3f} over 15"
    outlook = case.table("growth_outlook").set_index("iso3")
    middle = float(outlook["nominal_growth_ln"].median())
    own = np.sqrt(volume**2 + prices.reindex(volume.index).fillna(0.0) ** 2)
    sd_mean = of_mean * own / float(np.sqrt((own**2).mean()))
    lines = common_entries(real, noise)
    for iso in nominal.columns:
        row = outlook.loc[iso]
        known = pd.notna(row["nominal_growth_ln"])
        centre = float(row["nominal_growth_ln"]) if known else middle
        span = f"{row['from_year'] + 1:.0f} to {row['to_year']:.0f}"
        where = f"IMF World Economic Outlook of October 2025, mean of {span}"
        source = where if known else "median of what the IMF projects for the other states"
        reach = Z95 * float(sd_mean[iso])
        lines += _entry(
            f"growth.mean.{iso}", "m_i", f"mean growth of {iso} after the data", "ln/year", centre, centre - reach,
            centre + reach, "measured" if known else "judgement", source,
            note,
        )  # fmt: skip
        for stem, name, sd in (
            ("spread", "yearly spread of real growth", float(volume[iso])),
            ("prices", "yearly spread of prices and exchange rate in USD", float(prices.get(iso, 0.0))),
        ):
            text = f"World Bank and IMF national accounts {NOISE_FROM}-{LAST}, halfway to the median of 27 states"
            fixed = sd == 0.0
            lines += _entry(
                f"growth.{stem}.{iso}", "s_i" if stem == "spread" else "x_i", f"{name} of {iso}", "ln", sd,
                sd if fixed else 0.7 * sd, sd if fixed else 1.3 * sd, "measured", text,
                "the unit of money is the US price level" if fixed else "", fixed,
            )  # fmt: skip
    return "".join(f"{line}\n" for line in lines)


def _entry(
    name: str, symbol: str, title: str, unit: str, central: float, low: float, high: float, kind: str, source: str,
    note: str = "", fixed: bool = False,
) -> list[str]:  # fmt: skip
    shape = "fixed" if fixed else "normal"
    lines = [
        f"  {name}:", f'    symbol: "{symbol}"', f'    name: "{title}"', f'    unit: "{unit}"',
        f"    central: {central:.4f}", f"    low: {low:.4f}", f"    high: {high:.4f}", f"    distribution: {shape}",
    ]  # fmt: skip
    lines += ["    minimum: 0.0"] if ".mean." not in name else []
    lines += ["    maximum: 1.0"] if ".common_" in name else []
    lines += [f"    kind: {kind}", f'    source: "{source}"']
    return lines + ([f'    note: "{note}"'] if note else [])


def main(arguments: list[str]) -> int:
    """Put the entries in the place of the old ones; with --check, only tell whether they are these."""
    text = LEDGER.read_text(encoding="utf-8")
    old = re.findall(r"^  growth\.[^\n]*\n(?:    [^\n]*\n)*", text, flags=re.MULTILINE)
    new = entries(Case(HERE))
    first = text.index(old[0])
    rest = text[first:]
    for block in old:
        rest = rest.replace(block, "", 1)
    changed = text[:first] + new + rest
    if "--check" in arguments:
        print("the ledger has these entries" if changed == text else "the ledger has other entries")
        return int(changed != text)
    LEDGER.write_text(changed, encoding="utf-8")
    print(f"{len(re.findall('^  growth', new, flags=re.MULTILINE))} entries written")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
