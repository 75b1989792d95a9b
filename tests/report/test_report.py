"""The page of a comparison: what stands in it, that it asks for nothing, and the answer by its rule."""

from __future__ import annotations

import base64
import csv
import gzip
import html
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sco_sim.report.files import page_of_folder, write_report
from sco_sim.report.hindcast import ERROR_NO_HIGHER, HELD, scores
from sco_sim.report.markdown import markdown
from sco_sim.studies.comparison.answer import answer
from sco_sim.studies.comparison.compare import compare, compare_runs, read_comparison
from sco_sim.studies.wording import amount
from tests.unit.command_line import call, fine, parsed
from tests.worlds import ROOT, variant

NASTY = ('<script>alert(1)</script> & "quotes" \u202b\u05e9\u05dc\u202c ' + "very long " * 20)[:200]


@pytest.fixture(scope="module")
def page(compared: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    out = tmp_path_factory.mktemp("report") / "page.html"
    write_report(compared, out)
    return out, out.read_text(encoding="utf-8")


SECTIONS = (
    "question", "brief", "answer", "differs", "table", "differences", "levels", "map", "who", "agreements", "worth",
    "history", "rests", "hindcast", "parameters", "again",
)  # fmt: skip
"""What the page of a comparison has, in its order."""


def data_of(text: str) -> dict[str, Any]:
    match = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    assert match
    found: dict[str, Any] = json.loads(match[1])
    return found | json.loads(gzip.decompress(base64.b64decode(found["readings"])))


def test_every_section_is_there_and_the_page_asks_for_nothing(page: tuple[Path, str]) -> None:
    """Catches a section left out, a foreign address, a page too large to mail."""
    _, text = page
    for anchor in SECTIONS:
        assert f'id="{anchor}"' in text
        assert f'href="#{anchor}"' in text
    assert "default-src 'none'" in text
    assert not re.findall(r'(?:src|href)="(?!#)[^"]*"', text)
    assert set(re.findall(r"https?://[^\s\"'<]+", text)) <= {"http://www.w3.org/2000/svg"}
    assert len(text.encode()) < 400_000


def test_figures_begin_with_now_and_the_state_observed_is_a_ring(page: tuple[Path, str], compared: Path) -> None:
    """Catches a year observed that is drawn like one simulated, and figures that begin where users no longer live."""
    _, text = page
    horizon = read_comparison(compared).runs[0].scenario.horizon
    assert horizon.start < horizon.edge
    readings = data_of(text)
    assert {panel["years"][0] for panel in readings["panels"].values()} == {horizon.edge}
    assert readings["map"]["years"][0] >= horizon.edge
    levels = [name for name in readings["panels"] if name.startswith("levels-")]
    assert text.count('<circle class="ring"') == len(levels)
    words = f"Ring: the state of {horizon.start}, as it was observed; drawn from {horizon.edge}, a nowcast"
    assert words in text


def test_the_table_in_the_page_is_the_stored_one_byte_for_byte(page: tuple[Path, str], compared: Path) -> None:
    packed = data_of(page[1])["csv"]
    assert gzip.decompress(base64.b64decode(packed)) == (compared / "comparison.csv").read_bytes()


def test_a_number_is_the_same_in_the_store_the_table_the_page_and_the_reading(
    page: tuple[Path, str], compared: Path
) -> None:
    """Catches a figure that goes through another rounding, unit or year."""
    with (compared / "comparison.csv").open(encoding="utf-8", newline="") as file:
        rows = [r for r in csv.DictReader(file) if (r["scenario"], r["year"]) == ("combined", "2040")]
    (row,) = [r for r in rows if r["outcome"] == "trade_total_busd"]
    frames = [run.metrics(years=[2040])["trade_total_busd"] for run in read_comparison(compared).runs]
    assert float(row["difference"]) == pytest.approx((frames[2] - frames[0]).mean(), rel=1e-9)
    size, low, high, _ = amount(row)
    sign = "+" if float(row["difference"]) > 0 else "-"
    panel = data_of(page[1])["panels"]["differences-trade_total_busd"]
    assert panel["words"][1][panel["years"].index(2040)] == f"{sign}{size} ({low} to {high})"
    assert f"<td>{sign}{size}</td>" in html.unescape(page[1])


@pytest.mark.slow
def test_the_same_comparison_gives_the_same_bytes(page: tuple[Path, str], compared: Path, tmp_path: Path) -> None:
    assert write_report(compared, tmp_path / "again.html").read_text(encoding="utf-8") == page[1]


@pytest.mark.slow
def test_the_command_and_the_screen_give_the_same_answer(compared: Path, tmp_path: Path) -> None:
    """Catches a rule written twice, and a page of an earlier comparison beside new tables."""
    runs = [compared / "runs" / name for name in ("baseline", "combined")]
    record = parsed("compare", *runs, "--out", tmp_path, "--no-figures", "--report")
    assert Path(record["report"]) == tmp_path / "report.html"
    said = html.unescape((tmp_path / "report.html").read_text(encoding="utf-8"))
    assert all(line in said for line in record["answer"]["cautions"])
    assert 1 <= len(record["answer"]["sentences"]) <= 5
    text = fine("compare", *runs, "--out", tmp_path, "--no-figures")
    for sentence in record["answer"]["sentences"]:
        assert sentence["text"] in text
    assert not (tmp_path / "report.html").exists()
    again = call("report", compared, "--out", tmp_path / "again.html")
    assert "Last observed: trade 2023" in again.stderr
    assert f"{tmp_path / 'again.html'} (" in again.stdout


def test_no_sentence_of_the_answer_stands_twice(page: tuple[Path, str], compared: Path) -> None:
    """Catches an answer that repeats what is to take home just above it, and one that is lost from both."""
    record = page_of_folder(compared)
    assert record.answer is not None
    assert record.told_above
    markdown_page = " ".join(markdown(record)[0].replace("\\", "").split())
    for line in record.answer.lines:
        assert html.unescape(page[1]).count(line) == 1, line
        assert markdown_page.count(line) == 1, line
    assert f"* {record.above}" in markdown_page
    assert record.above in page[1]
    alone = replace(record, sections=tuple(one for one in record.sections if one.anchor != "brief"))
    assert (alone.rest_of_answer, alone.above) == (record.answer, "")


def test_the_scores_of_the_report_are_those_of_the_evidence_page() -> None:
    """Catches scores that a new hindcast has left behind, and a column counted that is another."""
    table = scores()
    lines = (ROOT / "docs" / "evidence.md").read_text(encoding="utf-8").replace("**", "").splitlines()
    assert f"| {' | '.join(table.headers)} |" in lines
    assert len(table.rows) == 20
    for cells in table.rows:
        assert f"| {' | '.join(cells)} |" in lines
    assert (table.headers[ERROR_NO_HIGHER], table.headers[HELD]) == ("no higher", "has 80 inside")
    assert table.headers[ERROR_NO_HIGHER - 1].startswith("RMSE")


def test_what_is_no_comparison_is_refused(compared: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for folder in (tmp_path / "none", tmp_path / "empty"):
        result = call("report", folder)
        assert result.exit_code in (2, 4)
        assert str(folder) in result.stderr
    result = call("report", compared, "--out", tmp_path)
    assert result.exit_code == 4
    assert "is a folder" in result.stderr


@pytest.mark.slow
def test_hostile_titles_are_text(tmp_path: Path) -> None:
    """Catches an unescaped field, and "no difference" not said where nothing differs."""
    nasty = variant("baseline", end=2025).model_copy(update={"name": "nasty", "title": NASTY, "question": NASTY})
    found = compare([variant("baseline", end=2025), nasty], worlds=2, out=tmp_path / "two")
    text = write_report(found).read_text(encoding="utf-8")
    assert "<script>alert" not in text
    assert text.count("<script") == 2
    assert html.escape(NASTY[:25]) in text
    assert "No difference: every outcome is the same in every world and year." in text


def row(outcome: str, scenario: str, **fields: Any) -> dict[str, Any]:
    nan = float("nan")
    base = {
        "outcome": outcome, "scenario": scenario, "reference": "baseline", "year": 2040, "unit": "", "better": "higher",
        "difference": 0.0, "mean_se": 1.0, "low_05": -1.0, "high_95": 1.0, "superiority": 0.5, "spread_ratio": 0.0,
        "better_if_moved": nan, "prior_chance_better": nan, "prior_gap_se": nan,
    }  # fmt: skip
    return base | fields


def test_harm_comes_first_and_is_called_so() -> None:
    """Catches an answer that begins with the good news."""
    rows = [
        row("trade_total_busd", "good", difference=50.0, low_05=20.0, high_95=80.0, superiority=0.9, spread_ratio=2.0),
        row("cohesion", "bad", difference=-50.0, low_05=-80.0, high_95=-20.0, superiority=0.1, spread_ratio=-2.0),
        row("students_total", "bad", difference=-5.0, low_05=-80.0, high_95=20.0, superiority=0.49, spread_ratio=-0.1),
        row("cities_total", "good", difference=5.0, low_05=-1.0, high_95=20.0, superiority=0.55, spread_ratio=0.1),
        row("people_index", "good", difference=0.5),
    ]
    said = answer(rows, settings=200).sentences
    assert [one.tone for one in said] == ["harm", "shows", "hidden", "still"]
    assert said[0].text.startswith("Harmful: bad for cohesion")
    assert "worse, but too little to show in one history: students abroad" in said[0].text
    assert said[1].outcomes == ("trade_total_busd",)
    assert said[2].outcomes == ("cities_total",)
    assert said[3].outcomes == ("people_index",)


def test_too_few_settings_are_said_before_everything() -> None:
    good = [row("trade_total_busd", "good", difference=50.0, superiority=0.9, spread_ratio=2.0)]
    assert answer(good, settings=71).cautions[0].startswith("Too few worlds to answer: 71 settings where it takes 72")
    assert not answer(good, settings=72).cautions


@pytest.mark.slow
def test_a_comparison_that_was_never_written_has_no_report(compared: Path) -> None:
    runs = read_comparison(compared).runs
    from sco_sim.errors import StoreError

    with pytest.raises(StoreError, match="has no folder"):
        write_report(compare_runs(runs))
