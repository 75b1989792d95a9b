"""The record of implementation beside the model's, in tables and words, for the screen and docs/implementation.md."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sco_sim.errors import counted
from sco_sim.numerics.arrays import Array
from sco_sim.studies.council.implementation import BUILDING_YEARS, RECORD_END, Implementation
from sco_sim.studies.council.pages import Section, page
from sco_sim.studies.wording import percent

PAYERS = {"one": "one who pays", "several": "several payers", "unsettled": "price never agreed"}
SHARES = (0.05, 0.5, 0.95)


def sections(record: Implementation) -> list[Section]:
    """Everything the study says."""
    texts = record.texts()
    return [
        _dates(texts[texts["type"] == "treaty"]),
        *([_two_states(texts[texts["type"] == "bilateral"])] if (texts["type"] == "bilateral").any() else []),
        _members(record),
        _institutions(record),
        _projects(record.projects()),
        _delivered(record),
    ]


def markdown(record: Implementation) -> str:
    """The study as a page of Markdown."""
    return page(
        "What becomes of what is signed",
        "sco-sim implementation --out docs/implementation.md",
        "Signed, ratified by each member, in force and delivered are four dates (equations 8 and 8a of "
        f"[model.md](model.md)). Here the record up to {RECORD_END} (`instruments.csv`, `ratifications.csv`, "
        f"`scorecards.csv`) stands beside {record.worlds} worlds in which the same texts are signed by the same states "
        "in the same years, and the same projects begun. Nobody votes on them: what is asked is what follows the "
        "signature. A model year is a calendar year, so its delays are whole years and are compared with the record's "
        "calendar years; the days behind them are given too. Nothing is fitted here but the yearly rate of "
        "ratification, which is counted from `ratifications.csv` itself. What never came into force leaves few traces, "
        "so the record's delays are those of what succeeded.",
        sections(record),
    )


def _span(values: Array) -> str:
    """Median with the 5-95 % interval, of whole years, `never` for what does not come in the years simulated."""
    low, middle, high = (_years(value) for value in np.quantile(values, SHARES, method="inverted_cdf"))
    return f"{middle} ({low} to {high})"


def _years(value: float) -> str:
    return f"{value:.0f}" if np.isfinite(value) else "never"


def _stacked(column: pd.Series[Any]) -> Array:
    """The worlds' own of several rows, (row, world)."""
    return np.stack(column.to_list())


def _dates(texts: pd.DataFrame) -> Section:
    rows = tuple(
        (row["text"], row["signed"], row["in_force"], f"{row['years']:.1f}", str(row["calendar"]),
         _span(row["force"]), _span(row["all"]), _span(row["half"]))
        for row in texts.sort_values("signed").to_dict("records")
    )  # fmt: skip
    medians = np.median(_stacked(texts["force"]), axis=0)
    record, calendar = float(texts["years"].median()), float(texts["calendar"].median())
    low, high = texts["years"].min(), texts["years"].max()
    reached = float((medians >= calendar).mean())
    ends = np.quantile(_stacked(texts["force"]).max(axis=0), SHARES, method="inverted_cdf")
    inside = ends[0] <= texts["calendar"].max() <= ends[2]
    return Section(
        "Four dates of the organisation's texts",
        ("text", "signed", "in force", "years", "calendar years", "model: in force", "model: ratified by all",
         "model: half delivered"),
        rows,
        (
            f"Record: {record:.2f} years from signature to force in the median of {counted(len(texts), 'text')} "
            f"({low:.1f} to {high:.1f}), {calendar:g} calendar years. Model: {_span(medians)} in the median over the "
            f"same texts; it is at least as slow as the record in {percent(reached)} of worlds. The slowest text took "
            f"{texts['calendar'].max():g} calendar years; the slowest of the model takes {_years(ends[1])} "
            f"({_years(ends[0])} to {_years(ends[2])}), {'which holds it' if inside else 'which misses it'}.",
            "Model: median of worlds in calendar years after signature (5-95 %). In force: two thirds of those bound "
            "have ratified. Ratified by all: what a text that needs everybody would have waited for, so the slowest "
            "member sets it. When the record's texts were carried out nobody has published.",
        ),
    )  # fmt: skip


def _two_states(texts: pd.DataFrame) -> Section:
    rows = tuple(
        (row["text"], row["signed"], row["in_force"], f"{row['years']:.1f}", str(row["calendar"]), _span(row["force"]))
        for row in texts.sort_values("signed").to_dict("records")
    )
    record, medians = float(texts["years"].median()), np.median(_stacked(texts["force"]), axis=0)
    slower = float((medians > texts["calendar"].median()).mean())
    return Section(
        "Texts of two states, for comparison",
        ("text", "signed", "in force", "years", "calendar years", "model: in force"),
        rows,
        (
            f"Record: {record:.2f} years in the median of {len(texts)}. The model, whose members ratify at the pace of "
            f"the organisation's conventions whatever it is, gives {_span(medians)} and is slower in "
            f"{percent(slower)} of worlds."
            + (
                " It is off here: two states that want a text soon ratify it, so give a text of two states "
                "`force: signed`."
                if slower > 0.5
                else ""
            ),
        ),
    )


def _members(record: Implementation) -> Section:
    members, (came, days, rate) = record.members(), record.rate()
    rows = []
    for row in members.to_dict("records"):
        low, middle, high = np.quantile(row["model"], SHARES)
        rows.append(
            (f"{row['years']:g}", percent(row["record"]), str(row["at_risk"]),
             f"{percent(middle)} ({percent(low)} to {percent(high)})")
        )  # fmt: skip
    first = members.iloc[0]
    iso, most = next(iter(record.ratifications["iso3"].value_counts().to_dict().items()))
    early = float(np.mean(first["model"])) > float(first["record"])
    return Section(
        "Ratified, member by member",
        ("years after signature", "record", "still waiting", "model"),
        tuple(rows),
        (
            f"Record: share that had ratified (Kaplan-Meier, of {counted(len(record.ratifications), 'pair')} of member "
            "and text, "
            f"{most} of them of {iso}). {came} ratifications in {days:,} days of waiting "
            f"are {rate:.2f} a year, the ledger's `ratification.rate`: the pace is fitted, the shape is not. "
            + (
                "The model's chance is the same every year, so it has too many ratify in the months after signature, "
                "when parliaments have not begun."
                if early
                else "A chance that is the same every year fits the first months."
            ),
        ),
    )


def _institutions(record: Implementation) -> Section:
    frame = record.institutions()
    rows = tuple(
        (row["text"], str(row["raised"]), "yes" if row["exists"] else "no", percent(1.0 - float(row["never"].mean())))
        for row in frame.to_dict("records")
    )
    none = float(np.prod(_stacked(frame["never"]), axis=0).mean())
    exist = int(frame["exists"].sum())
    off = frame[[not row["exists"] and row["never"].mean() < 0.5 for row in frame.to_dict("records")]]["text"].tolist()
    return Section(
        "Economic institutions",
        ("institution", "proposed", f"exists in {RECORD_END}", f"model: adopted by {RECORD_END}"),
        rows,
        (
            f"{exist} of {len(frame)} exist. Put to the members of every year as `council --agenda` does, with the "
            f"yearly wobble of positions, none is ever adopted in {percent(none)} of draws."
            + (f" The model is off on {', '.join(off)}: it would more likely than not exist." if off else "")
            + " That is the chance it gives to what happened. Every year is a new chance for it: a text that has "
            "waited for long is no harder to pass.",
        ),
    )


def _projects(frame: pd.DataFrame) -> Section:
    rows = []
    for row in frame.sort_values(["payer", "signed"]).to_dict("records"):
        planned = None if pd.isna(row["planned"]) else int(row["planned"])
        late = np.full(1, np.nan) if planned is None else row["built"] - planned
        rows.append(
            (row["project"], PAYERS[row["payer"]], str(row["signed"]), str(planned or "-"), _ready(row["ready"]),
             _late(row["ready"], planned), "-" if planned is None else _span(late),
             "-" if planned is None else percent(float((late <= 0.0).mean())),
             percent(float((row["built"] <= RECORD_END).mean())))
        )  # fmt: skip
    return Section(
        "Projects of several states",
        ("project", "who pays", "signed", "planned", "in service", "years late", "model: years late", "model: on time",
         f"model: in service by {RECORD_END}"),
        tuple(rows),
        (_payers(frame),
         "Model: a corridor over the same states with the planned years as `construction_years` "
         f"({BUILDING_YEARS} where no plan is known). Its pace is what its states deliver, whoever pays (equation 33). "
         "Gas lines are corridors too: the record says neither which projects carry gas, nor the order of the states "
         "on the way, nor a capacity, and `gas_pipeline` needs all three; between two states, as the Power of Siberia, "
         "both are built by the same equation and in the same years. "
         f"Turkmenistan is no state of this case. {counted(len(frame), 'project')}, coded "
         f"with hindsight, {'is' if len(frame) == 1 else 'are'} no proof."),
    )  # fmt: skip


def _ready(year: float) -> str:
    return f"not by {RECORD_END}" if pd.isna(year) else f"{year:.0f}"


def _late(ready: float, planned: int | None) -> str:
    if planned is None:
        return "-"
    return f"over {RECORD_END - planned}" if pd.isna(ready) else f"{ready - planned:.0f}"


def _payers(frame: pd.DataFrame) -> str:
    """Record against model, by who pays."""
    one = frame["payer"] == "one"
    dated = frame[frame["planned"].notna()]
    late = np.median(np.stack([row["built"] - row["planned"] for row in dated.to_dict("records")]), axis=0)
    paid, others = _by_end(frame[one]), _by_end(frame[~one])
    in_time = int((frame[one]["ready"] <= frame[one]["planned"]).sum())
    slow = [row for row in frame[one].to_dict("records") if (row["built"] > row["planned"]).mean() > 0.5]
    off = [
        *(["too slow where one state pays"] if in_time == one.sum() and slow else []),
        *(["too sure of the others"] if not frame[~one]["ready"].notna().any() and others > 0.5 else []),
    ]
    return (
        f"Record: {in_time} of {int(one.sum())} with one who pays were in service on time, "
        f"{int(frame[~one]['ready'].notna().sum())} of {int((~one).sum())} without are in service at all. Model: "
        f"{percent(paid)} and {percent(others)} of worlds by {RECORD_END}, and {_span(late)} years late in the median."
        + (f" The model is off: {' and '.join(off)}." if off else "")
        + " It tells what the capacity of the states lets them build, not whether they agree on who pays."
    )


def _by_end(frame: pd.DataFrame) -> float:
    return float((_stacked(frame["built"]) <= RECORD_END).mean()) if len(frame) else float("nan")


def _delivered(record: Implementation) -> Section:
    cards = record.scorecards.to_dict("records")
    rows = [
        (str(row["body"]), str(row["measure"]), str(row["period"]), f"{row['value_percent']:g} %",
         str(row["judged_by"]))
        for row in cards
    ]  # fmt: skip
    for after, shares in record.delivered.items():
        low, middle, high = np.quantile(shares.mean(axis=1), SHARES)
        rows.append(
            ("model", f"texts of the organisation, mean of {shares.shape[1]}", f"{after} years after signature",
             f"{percent(middle)} ({percent(low)} to {percent(high)})", "-")
        )  # fmt: skip
    entry = record.case.ledger.entries["delivery.ceiling"]
    least = min(cards, key=lambda row: float(row["value_percent"]))
    return Section(
        "Delivered",
        ("body", "measure", "period", "carried out", "judged by"),
        tuple(rows),
        (
            "No such count of the organisation's own programmes is published. The ceiling (`delivery.ceiling`, "
            f"{100 * entry.low:.0f} to {100 * entry.high:.0f} %) is read from what ASEAN says of itself, so it is "
            f"rather high: others count {least['value_percent']:g} % ({least['measure']}, {least['period']}). The pace "
            "(`delivery.rate`, `delivery.capacity`, `delivery.volatility`) is judgement.",
        ),
    )
