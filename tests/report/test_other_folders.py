"""Reports of what is no comparison, and Markdown: the same numbers as in the store, and every refusal in words."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from sco_sim.report.files import page_of_folder, write_report
from sco_sim.report.levers import levers
from sco_sim.report.markdown import FIGURES, markdown
from sco_sim.report.page import Section, Table
from sco_sim.report.plain import in_plain_words
from sco_sim.report.words import level_in_words
from sco_sim.scenario.load import load_scenario
from sco_sim.store.checksums import write_tables
from sco_sim.studies.comparison.compare import read_comparison
from sco_sim.studies.plain_words import CODE, usual_names, with_labels, with_names
from sco_sim.studies.statistics import HIGH, LOW
from sco_sim.studies.sweep.stored_sweep import open_sweep
from tests.unit.command_line import call, fine


def table_of(folder: Path, anchor: str, at: int = 0) -> Table:
    (section,) = [one for one in page_of_folder(folder).sections if one.anchor == anchor]
    return section.tables[at][1]


def test_a_run_has_its_levels_and_no_answer(compared: Path, tmp_path: Path) -> None:
    """Catches a single run that is called better, and a figure that is not that of the store."""
    folder = compared / "runs" / "combined"
    text = html.unescape(write_report(folder, tmp_path / "run.html").read_text(encoding="utf-8"))
    assert "One scenario alone answers no question of what if" in text
    assert 'id="answer"' not in text
    values = read_comparison(compared).runs[2].metrics([2040])["trade_total_busd"]
    words = level_in_words(values.mean(), values.quantile(LOW), values.quantile(HIGH))
    assert f'<span class="value">{words}</span>' in text
    agreed = {row[1]: row[2] for row in table_of(folder, "agreements").rows}
    assert "Sister cities" in agreed


@pytest.mark.slow
def test_a_sweep_has_its_points(swept: Path) -> None:
    """Catches points in the wrong order, and means over other worlds."""
    means = open_sweep(swept).means([2030])
    headers, rows = table_of(swept, "points").headers, table_of(swept, "points").rows
    column = headers.index("Twinned places")
    assert [row[1:4] for row in rows] == [
        (rule, gravity, pairs)
        for rule in ("consensus", "opt_in")
        for gravity in ("0.2", "0.4")
        for pairs in ("5", "40")
    ]
    for point, row in enumerate(rows):
        true = means[(means["point"] == point) & (means["outcome"] == "cities_total")]["mean"].item()
        assert float(row[column].split(" (")[0].replace(",", "")) == pytest.approx(true, abs=1.0)
    by_rule = table_of(swept, "effects").rows
    assert [row[0] for row in by_rule] == ["consensus", "opt_in"]
    text = write_report(swept).read_text(encoding="utf-8")
    assert "<b>rules" not in text
    assert "&lt;b&gt;rules" in text


@pytest.mark.slow
def test_rules_portfolio_and_hindcast_have_a_page(tmp_path: Path) -> None:
    """Catches a folder whose tables are not read, in another order, or changed since."""
    command = ("rules", "combined", "--worlds", 2, "--outcome", "trade_total_busd")
    fine(*command, "--out", tmp_path / "rules")
    printed = json.loads(fine(*command, "--json"))["sentences"]
    (said,) = [one.lines for one in page_of_folder(tmp_path / "rules").sections if one.anchor == "rules"]
    assert [line for line, _ in said] == [with_names(line, usual_names()) for line in printed]
    table = table_of(tmp_path / "rules", "rules")
    assert "consensus" in [row[0] for row in table.rows]
    assert table_of(tmp_path / "rules", "outcomes").rows[0][0] == "Trade inside the group, bn USD of 2015"
    assert str(tmp_path / "rules" / "report.html") in fine("report", tmp_path / "rules")
    (tmp_path / "rules" / "rules.csv").write_text("rule,adopted\n", encoding="utf-8")
    result = call("report", tmp_path / "rules")
    assert (result.exit_code, "rules.csv" in result.stderr) == (4, True)
    columns = "rule,mix,planned_musd,spent_musd,outcome,difference,low_05,high_95,chance_better,leads,tied,front"
    lines = ["consensus,good,10,5,conflict_share_mean,-0.02,-0.03,-0.01,1,True,True,True",
             "consensus,bad,10,5,conflict_share_mean,0.02,0.01,0.03,0,False,False,False"]  # fmt: skip
    write_tables(tmp_path / "mixes", {"portfolio.csv": "\n".join([columns, *lines, ""])})
    mixes = table_of(tmp_path / "mixes", "conflict_share_mean").rows
    assert [row[0] for row in mixes] == ["Good", "Bad"]
    assert mixes[0][1] == "-2.0 (-3.0 to -1.0)"
    (tmp_path / "past").mkdir()
    (tmp_path / "past" / "evidence_aims.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    assert "these are no scores" in call("report", tmp_path / "past").stderr


SMALL = ("--set", "horizon.end=2032", "--worlds")
STUDIES = {
    "packages": (("contested_agenda", "--worlds", 4), ("alone", "prices", "packages", "clauses", "states")),
    "sequence": (("rotating_chair", *SMALL, 4), ("orders", "chairs")),
    "enlargement": (("contested_agenda", *SMALL, 3, "--rule", "consensus"), ("adopted", "delivered")),
    "portfolio": (("on_a_budget", "--budget", 300, *SMALL, 3), ("trade_total_busd", "conflict_share_observed_mean")),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", STUDIES)
def test_a_study_has_a_page_with_what_its_command_says(name: str, tmp_path: Path) -> None:
    """Catches a study without a page, a page without its sentences, codes and labels that nobody can read."""
    command, anchors = STUDIES[name]
    fine(name, *command, "--out", tmp_path)
    record = json.loads(fine(name, *command, "--json", "--out", tmp_path / "again"))
    printed = record["verdicts"]["all"] if name == "portfolio" else record["sentences"]
    page = page_of_folder(tmp_path)
    assert {section.anchor for section in page.sections} >= set(anchors)
    said = [line for section in page.sections for line, _ in section.lines]
    known = "sister_cities people_to_people trade_facilitation china_pakistan_economic_corridor tariff_liberalisation"
    known += " china_europe_railway_express north_south_corridor"
    names = usual_names()
    assert said == [with_names(with_labels(line, known.split(), names.values()), names) for line in printed]
    cells = [cell for section in page.sections for _, table in section.tables for row in table.rows for cell in row]
    for text in (*said, *cells):
        assert not CODE.search(text) or not names.keys() & set(CODE.findall(text)), text
        assert "_" not in text.partition("`")[0], text
    assert page.title == json.loads((tmp_path / "study.json").read_text(encoding="utf-8"))["about"]
    assert page.commands[0].startswith(f"sco-sim {name} ")
    assert str(tmp_path / "report.html") in fine("report", tmp_path)
    (tmp_path / "study.json").write_text("{}", encoding="utf-8")
    refused = call("report", tmp_path)
    assert (refused.exit_code in (2, 4), "Traceback" in refused.stderr) == (True, False)


def test_states_and_texts_are_called_by_their_names_but_for_what_is_code() -> None:
    """Catches a code in a sentence, and a command, an entry of the ledger or a path that is no longer one."""
    names = {"CHN": "China", "KGZ": "Kyrgyzstan", "RUS": "Russia"}
    for text, plain in (
        ("KGZ, CHN-RUS and USD 3.", "Kyrgyzstan, China-Russia and USD 3."),
        ("held up by KGZ.", "held up by Kyrgyzstan."),
        ("`wants.KGZ` of KGZ", "`wants.KGZ` of Kyrgyzstan"),
        ("wants.status.KGZ, trust.CHN-RUS, runs/KGZ", "wants.status.KGZ, trust.CHN-RUS, runs/KGZ"),
    ):
        assert with_names(text, names) == plain
    labels = ("sister_cities", "china_kyrgyzstan_railway", "sister_cities_2")
    for text, plain in (
        ("sister_cities and china_kyrgyzstan_railway.", "sister cities and China-Kyrgyzstan railway."),
        ("china kyrgyzstan railway", "China-Kyrgyzstan railway"),
        (
            "`sister_cities`, sister_cities.trust, sister_cities_2",
            "`sister_cities`, sister_cities.trust, sister cities 2",
        ),
    ):
        assert with_labels(text, labels, names.values()) == plain
    table = Table(("Text", "State"), (("sister_cities", "KGZ"),))
    before = Section("agreements", "A", "A", tables=(("Of KGZ.", table),), words=("sister_cities",))
    (after,) = in_plain_words([before], names, labels)
    assert after.tables == (("Of Kyrgyzstan.", Table(table.headers, (("Sister cities", "Kyrgyzstan"),))),)
    (typed,) = in_plain_words([replace(before, anchor="differs")], names, labels)
    assert typed.tables[0][1].rows == (("sister_cities", "Kyrgyzstan"),)


@pytest.mark.slow
def test_markdown_has_the_same_sections_and_figures_as_files(compared: Path, tmp_path: Path) -> None:
    """Catches a link to a figure that is not there, a figure that is no XML, and a section left out."""
    path = write_report(compared, tmp_path / "paper.md", form="md")
    text, page = path.read_text(encoding="utf-8"), page_of_folder(compared)
    for section in page.sections:
        assert f"## {section.title}" in text
    linked = set(re.findall(rf"\({FIGURES}/([^)]+)\)", text))
    assert linked == {one.name for one in (tmp_path / FIGURES).iterdir()}
    assert {"map.svg", "differences-trade_total_busd.svg", "who-trade.svg"} <= linked
    for name in linked:
        ElementTree.parse(tmp_path / FIGURES / name)
    (cell,) = [one for one in page.cells if one.anchor == "differences-trade_total_busd" and one.scenario == 2]
    assert f"| {cell.difference} | {cell.interval} |" in text
    assert markdown(page)[0] == text


@pytest.mark.slow
def test_the_year_of_answer_and_table_can_be_chosen(compared: Path, tmp_path: Path) -> None:
    """Catches a table of another year than it says, and a year that is not there."""
    page = page_of_folder(compared, 2030)
    table = read_comparison(compared).table
    row = table[(table["outcome"] == "cities_total") & (table["scenario"] == "combined") & (table["year"] == 2030)]
    (cell,) = [one for one in page.cells if one.anchor == "differences-cities_total" and one.scenario == 2]
    assert float(cell.difference) == pytest.approx(row["difference"].item(), abs=0.5)
    assert all("by 2040" not in one.text for one in page.answer.sentences) if page.answer else False
    for folder, year, words in (
        (compared, "2031", "no year of interest"),
        (compared / "runs" / "combined", "2030", "--year"),
    ):
        result = call("report", folder, "--year", year, "--out", tmp_path / "x.html")
        assert (result.exit_code, words in result.stderr) == (4, True)


def test_levers_are_the_stored_points_and_their_files_load(swept: Path, tmp_path: Path) -> None:
    """Catches a cell of another point, an unpaired difference, and a file that is another scenario or none."""
    sweep = open_sweep(swept)
    found = levers(sweep)
    assert found is not None
    assert [(one.name, one.assumed, one.ordered, one.values) for one in found.levers] == [
        ("rule", False, False, ("consensus", "opt_in")), ("gravity", True, True, ("0.2", "0.4")),
        ("pairs", False, True, ("5", "40")),
    ]  # fmt: skip
    assert found.reference == "0,0,0,0"
    assert len(found.points) == len(found.cells) == len(found.files) == 8
    at = [title for title, _, _ in found.outcomes].index("Twinned places")
    true = sweep.differences("cities_total", 2030).set_index("point")
    for key, place in found.points.items():
        _, rule, gravity, pairs = map(int, key.split(","))
        point = 4 * rule + 2 * gravity + pairs
        mean, low, high, sure, words, _ = found.cells[place][0][at]
        if point == 0:
            assert (mean, low, high, words) == (0.0, 0.0, 0.0, "the same")
            continue
        row = true.loc[point]
        assert (mean, low, high) == pytest.approx((row["difference"], row["low_05"], row["high_95"]), rel=1e-3)
        assert sure == (abs(row["difference"]) > 1.959964 * row["mean_se"])
        (tmp_path / "scenario.yaml").write_text(found.files[place], encoding="utf-8")
        loaded = load_scenario(tmp_path / "scenario.yaml")
        assert loaded.decision_rule.key() == ("consensus", "opt_in")[rule]
        assert loaded.resolved()["policies"][0]["sister_cities"]["new_pairs_per_year"] == (5, 40)[pairs]
    fine("validate", tmp_path / "scenario.yaml")
