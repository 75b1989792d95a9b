"""What holds where a table or a column of a case is not there; `schema` states each of these rules."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import numpy as np
import pandas as pd

from sco_sim.case.schema.declare import Table
from sco_sim.case.schema.tables import BASE_YEAR, BY_NAME, UNKNOWN_DISTANCE_KM

States = Callable[[], pd.DataFrame]
"""Gives the table of the states."""

EARTH_KM = 6371.0
SIZES = ("gdp_current_usd", "population_persons")


def completed(name: str, raw: pd.DataFrame | None, states_of: States) -> pd.DataFrame:
    """A table with every declared column, and with the rows that its fallback gives; `raw` is None if it is missing."""
    if name not in BY_NAME:
        return pd.DataFrame() if raw is None else raw
    frame = _with_columns(BY_NAME[name], pd.DataFrame() if raw is None else raw)
    make = _FALLBACKS.get(name)
    return frame if make is None else make(frame, states_of)


def _with_columns(table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    lacking = [column for column in table.columns if column.name not in frame]
    if not lacking:
        return frame
    words = ("code", "codes", "text", "date", "choice", "legs")
    added = {
        column.name: pd.Series(np.nan, index=frame.index, dtype=object if column.type in words else float)
        for column in lacking
    }
    return frame.assign(**added)


def _state_years(frame: pd.DataFrame, states_of: States) -> pd.DataFrame:
    """Rows for states that have none, from states.csv; the nearest population in its gaps, in two years at least."""
    states = states_of()
    lacking = states[~states["iso3"].isin(frame["iso3"])]
    if len(lacking):
        years = lacking["year"].fillna(BASE_YEAR).astype(int)
        frame = _joined(frame, lacking[["iso3", *SIZES]].assign(year=years))
    for size in SIZES:  # a column that only states.csv fills
        known = states.dropna(subset=size).set_index("iso3")
        bare = set(frame["iso3"]) - set(frame.loc[frame[size].notna(), "iso3"])
        filled = sorted(bare & set(known.index))
        if filled:
            at = known["year"].fillna(BASE_YEAR).astype(int)
            rows = set(zip(frame["iso3"], frame["year"], strict=True))
            new = [iso for iso in filled if (iso, at[iso]) not in rows]
            if new:
                frame = _joined(frame, pd.DataFrame({"iso3": new, "year": [at[iso] for iso in new]}))
            same = frame["iso3"].isin(filled) & (frame["year"] == frame["iso3"].map(at))
            frame.loc[same, size] = frame.loc[same, "iso3"].map(known[size])
    calendar = range(int(frame["year"].min()), int(frame["year"].max()) + 1)
    if len(calendar) == 1:
        calendar = range(calendar.start - 1, calendar.stop)
    whole = len(frame) == len(calendar) * frame["iso3"].nunique() and bool(frame["population_persons"].notna().all())
    if whole:
        return frame
    grid = pd.MultiIndex.from_product([sorted(frame["iso3"].unique()), calendar], names=["iso3", "year"])
    frame = frame.set_index(["iso3", "year"]).reindex(grid).reset_index()
    people = frame.groupby("iso3")["population_persons"]
    frame["population_persons"] = people.transform(lambda series: series.interpolate().ffill().bfill())
    return frame


def _joined(frame: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Both tables in one; an empty one does not decide on the types."""
    return rows.reindex(columns=frame.columns) if frame.empty else pd.concat([frame, rows], ignore_index=True)


def _statuses(frame: pd.DataFrame, states_of: States) -> pd.DataFrame:
    """Members by the column member_from of states.csv if the table is missing."""
    if len(frame):
        return frame
    states = states_of().dropna(subset="member_from")
    dates = states["member_from"].astype(int).astype(str)
    return frame.reindex(states.index).assign(iso3=states["iso3"], status="member", date=dates)


def _ties(frame: pd.DataFrame, states_of: States) -> pd.DataFrame:
    """A row for every pair, and a distance where none is given."""
    pairs = pd.MultiIndex.from_tuples(list(combinations(sorted(states_of()["iso3"]), 2)))
    given = pd.MultiIndex.from_frame(frame[["iso3_a", "iso3_b"]])
    missing = pairs.difference(given)
    if len(missing):
        rows = pd.DataFrame({"iso3_a": missing.get_level_values(0), "iso3_b": missing.get_level_values(1)})
        frame = _joined(frame, rows)
    unknown = frame["distance_km"].isna()
    if unknown.any():
        frame = frame.copy()
        frame.loc[unknown, "distance_km"] = _between_capitals(frame[unknown], states_of)
    return frame


def _between_capitals(ties: pd.DataFrame, states_of: States) -> np.ndarray:
    """Great-circle distance of the capitals in km, at least 1, shape (tie,)."""
    states = states_of().set_index("iso3")[["capital_lat_deg", "capital_lon_deg"]].astype(float)
    (lat_a, lon_a), (lat_b, lon_b) = (
        np.radians(states.reindex(ties[end]).to_numpy(dtype=float)).T for end in ("iso3_a", "iso3_b")
    )
    cosine = np.sin(lat_a) * np.sin(lat_b) + np.cos(lat_a) * np.cos(lat_b) * np.cos(lon_a - lon_b)
    km = EARTH_KM * np.arccos(np.clip(cosine, -1.0, 1.0))
    return np.where(np.isnan(km), UNKNOWN_DISTANCE_KM, np.maximum(km, 1.0))


_FALLBACKS: dict[str, Callable[[pd.DataFrame, States], pd.DataFrame]] = {
    "state_years": _state_years, "statuses": _statuses, "ties": _ties,
}  # fmt: skip
