"""Mutations of the tables of a case: refused in plain words, or simulated with totals that nobody has to be warned of.

A few run in the suite, 500 with SCO_SIM_FULL=1.
"""

from __future__ import annotations

import csv
import os
import random
import shutil
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from sco_sim.case.case import Case
from sco_sim.case.schema.check import check_case
from sco_sim.engine.build import build_model
from sco_sim.errors import SimError
from sco_sim.scenario.load import load_scenario
from sco_sim.scenario.schema import Horizon, Scenario
from tests.case_tables import STATES, eight_members

MUTATIONS = range(500 if os.environ.get("SCO_SIM_FULL") else 20)
CELLS = (
    "..",
    "NA",
    "inf",
    "-inf",
    "nan",
    "",
    " ",
    "1,200",
    "1 200",
    "0",
    "-1",
    "1e400",
    "chn",
    "KZK",
    "2090",
    "x" * 999,
)
TOTALS = ("trade_reports", "students", "state_years")
"""Tables that the totals rest on, drawn twice as often."""
FACTORS = (1e3, 1e-3, 1e6, 1e-6, 100.0, 20.0, 0.05, -1.0, 0.0)
LONGEST_SECONDS = 10.0
Rows = list[list[str]]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The eight members of the shipped case since 2005."""
    folder = eight_members(tmp_path_factory.mktemp("base") / "case")
    assert not check_case(folder).warnings, "the test could not fail"
    return folder


def totals(folder: Path) -> np.ndarray:
    """Trade, students and GDP of the last year, means of two worlds."""
    start = load_scenario("baseline").horizon.start
    horizon = Horizon(start=start, end=start + 4)
    scenario = Scenario.model_validate({"name": "fuzz", "horizon": horizon, "states": STATES})
    model = build_model(scenario, case=Case(folder), worlds=(0, 1), fixed_parameters=True)
    year = model.year
    model.run()
    arrays = year.state.arrays
    students = np.expm1(arrays["students_ab"]) + np.expm1(arrays["students_ba"])
    return np.array([a.sum(axis=1).mean() for a in (np.exp(arrays["trade"]), students, np.exp(arrays["log_gdp"]))])


_TOTALS = cache(totals)


def numeric(rows: Rows, luck: random.Random) -> int:
    """The place of a column that holds a number somewhere."""
    places = [i for i in range(len(rows[0])) if any(_number(row[i]) for row in rows[1:] if len(row) > i)]
    return luck.choice(places or [0])


def _number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def scale(rows: Rows, luck: random.Random) -> Rows:
    place, factor, which = numeric(rows, luck), luck.choice(FACTORS), luck.choice(("all", "one", "key"))
    one, key = luck.randrange(1, len(rows)), luck.choice(rows[1:])[0]
    for i, row in enumerate(rows[1:], start=1):
        if _number(row[place]) and (
            which == "all" or (which == "one" and i == one) or (which == "key" and row[0] == key)
        ):
            row[place] = repr(float(row[place]) * factor)
    return rows


def unit(rows: Rows, luck: random.Random) -> Rows:
    """One or all columns of numbers in another unit: in all rows, or in those with the first, second or third cell."""
    places = [i for i in range(len(rows[0])) if i > 2 and any(_number(row[i]) for row in rows[1:])]
    some = places if luck.random() < 0.3 else luck.sample(places, min(1, len(places)))
    factor, drawn = luck.choice((1e3, 1e-3, 1e6, 1e-6, 30.0, 1 / 30)), luck.choice(rows[1:])
    same = [place for place in range(min(3, len(drawn))) if luck.random() < 0.5]
    for row in rows[1:]:
        for place in some if all(row[i] == drawn[i] for i in same) else ():
            if _number(row[place]):
                value = float(row[place]) * factor
                row[place] = str(round(value)) if row[place].isdigit() else repr(value)
    return rows


def exchanged(rows: Rows, luck: random.Random) -> Rows:
    """Two columns of the body exchanged under the same header."""
    a, b = luck.randrange(len(rows[0])), luck.randrange(len(rows[0]))
    body = [list(row) for row in rows[1:]]
    for row in body:
        row[a], row[b] = row[b], row[a]
    return [rows[0], *body]


def cell(rows: Rows, luck: random.Random) -> Rows:
    row = luck.choice(rows[1:])
    row[luck.randrange(len(row))] = luck.choice(CELLS)
    return rows


def column(rows: Rows, luck: random.Random) -> Rows:
    place, text = luck.randrange(len(rows[0])), luck.choice(CELLS)
    return [rows[0], *([*row[:place], text, *row[place + 1 :]] for row in rows[1:])]


def without_column(rows: Rows, luck: random.Random) -> Rows:
    place = luck.randrange(len(rows[0]))
    return [[*row[:place], *row[place + 1 :]] for row in rows]


def torn(rows: Rows, luck: random.Random) -> Rows:
    return rows[: 1 + int(len(rows) * luck.choice((0.0, 0.1, 0.5, 0.9)))]


def thinned(rows: Rows, luck: random.Random) -> Rows:
    return [rows[0], *(row for row in rows[1:] if luck.random() < 0.5)]


def twice(rows: Rows, luck: random.Random) -> Rows:
    return [*rows, list(luck.choice(rows[1:]))]


def turned(rows: Rows, luck: random.Random) -> Rows:
    return [[row[1], row[0], *row[2:]] for row in rows] if len(rows[0]) > 1 else rows


def headed(rows: Rows, luck: random.Random) -> Rows:
    how = luck.choice((str.upper, str.title, lambda text: f" {text}", lambda text: text[:-1]))
    return [[how(text) for text in rows[0]], *rows[1:]]


def shuffled(rows: Rows, luck: random.Random) -> Rows:
    body = rows[1:]
    luck.shuffle(body)
    return [rows[0], *body]


CHANGES: tuple[Callable[[Rows, random.Random], Rows], ...] = (
    *[scale] * 4, *[unit] * 4, *[exchanged] * 2, *[cell] * 2, column, without_column, torn, thinned, twice, turned,
    headed, shuffled,
)  # fmt: skip


@pytest.mark.parametrize("seed", MUTATIONS)
def test_a_broken_case_is_refused_or_harmless(seed: int, base: Path, tmp_path: Path) -> None:
    luck = random.Random(seed)
    folder = tmp_path / "case"
    shutil.copytree(base, folder)
    tables = sorted(path.stem for path in (folder / "data").glob("*.csv"))
    name, change = luck.choice((*tables, *TOTALS)), luck.choice(CHANGES)
    path = folder / "data" / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = change(list(csv.reader(file)), luck)
    delimiter = luck.choice(",,,,,,,,;\t")
    with path.open("w", encoding=luck.choice(("utf-8", "utf-8-sig", "utf-16")) if luck.random() < 0.1 else "utf-8",
                   newline="") as file:  # fmt: skip
        csv.writer(file, delimiter=delimiter).writerows(rows)
    if luck.random() < 0.05:
        path.unlink()
    began = time.process_time()
    report = check_case(folder)
    assert time.process_time() - began < LONGEST_SECONDS
    if report.problems:
        assert all(problem.file and problem.message for problem in report.problems)
        return
    found, words = None, ""
    try:
        found = totals(folder)
    except SimError as error:
        words = str(error)
    if found is None:
        assert words
        return
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = found / _TOTALS(base)
    odd = not (np.isfinite(ratio).all() and (ratio > 0.1).all() and (ratio < 10.0).all())
    assert report.warnings or not odd or not path.is_file(), (name, change.__name__, ratio)
