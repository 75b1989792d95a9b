"""One agenda under every rule: who adopts, who is left out, what it costs, in tables, words and a figure."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sco_sim.commands import rules as command
from sco_sim.components.registry import keys
from sco_sim.engine.build import build_model
from sco_sim.errors import ScenarioError
from sco_sim.plots.rules import rules_figure
from sco_sim.plots.style import styled
from sco_sim.scenario.schema import Scenario, Without
from sco_sim.studies.council.rule_words import sentences
from sco_sim.studies.council.rules import UnderRules, rules_of, side_by_side
from sco_sim.studies.silent import silent, silent_metrics, why
from tests.unit.command_line import on_terminal
from tests.worlds import CASE, shipped, variant

WORLDS = 8


def agenda() -> Scenario:
    """The contested agenda to 2028, with one text that is left to its participants."""
    scenario = variant("contested_agenda", end=2028)
    own = tuple(
        policy.model_copy(update={"decided_by": "participants"}) if policy.label == "sister_cities" else policy
        for policy in scenario.policies
    )
    return scenario.model_copy(update={"policies": own})


@pytest.fixture(scope="module")
def result() -> UnderRules:
    return side_by_side(agenda(), CASE, ["trade_total_busd"], worlds=WORLDS)


def test_every_rule_gets_the_same_agenda_and_the_scenarios_own_keeps_its_numbers(result: UnderRules) -> None:
    """Catches a rule left out, and a scenario whose own rule is replaced by the one of the manual."""
    scenario = shipped("majority_rule")
    assert list(rules_of(scenario)) == keys("rules")
    assert rules_of(scenario)["qualified_majority"] == scenario.decision_rule
    table = result.rules
    assert list(table["rule"]) == keys("rules")
    assert len(result.agreements) == len(keys("rules")) * 4, "what its participants decide is not the council's"
    for key in ("trade_total_busd", "cost_musd"):
        assert (table[f"{key}_low"] < table[key]).all()
    assert table["adopted"].between(0.0, 1.0).all()


def test_rules_need_something_to_decide() -> None:
    """Catches a table of nothing."""
    with pytest.raises(ScenarioError, match="decides nothing"):
        side_by_side(variant(end=2022), CASE, ["trade_total_busd"], worlds=2)


def test_who_is_left_out_is_who_is_not_bound_where_the_text_is_adopted(result: UnderRules) -> None:
    """Catches outsiders, and worlds that adopt nothing, counted as left out."""
    scenario = agenda()
    rule = rules_of(scenario)["opt_in"]
    model = build_model(scenario.model_copy(update={"decision_rule": rule}), case=CASE, worlds=WORLDS)
    model.run()
    label = "tariff_liberalisation"
    index = [policy.label for policy in model.agreements].index(label)
    level = model.state.adopted[:, index]
    without = (level[(level > 0.0).any(axis=1)] == 0.0).mean(axis=0)
    expected = {iso: share for iso, share in zip(scenario.states, without, strict=True) if share}
    mine = result.left_out.query("rule == 'opt_in' and agreement == @label")
    assert dict(zip(mine["iso3"], mine["left_out"], strict=True)) == pytest.approx(expected)
    assert set(result.left_out["rule"]) == {"consensus_minus", "opt_in"}, "the others bind everybody"


def test_what_a_rule_changes_is_against_the_scenarios_own_on_the_same_worlds(result: UnderRules) -> None:
    """Catches dilution over other texts than both adopt, and a change of the own rule against itself."""
    own = result.agreements[result.agreements["rule"] == result.own].set_index("agreement")
    assert (own["adopted_change"] == 0.0).all()
    assert (own["diluted"].dropna() == 0.0).all()
    other = result.agreements[result.agreements["rule"] == "opt_in"].set_index("agreement")
    assert np.allclose(other["adopted_change"], other["adopted"] - own["adopted"])
    assert own["adopted"]["tariff_liberalisation"] == 0.0
    assert np.isnan(other["diluted"]["tariff_liberalisation"])


def test_words_name_what_is_adopted_that_was_not_and_who_is_left_out(result: UnderRules) -> None:
    """Catches a sentence that names what chance does, or nobody who is left out."""
    said = sentences(result)
    assert len(said) == len(keys("rules"))
    assert said[0].startswith("Consensus, the scenario's own rule, adopts ")
    assert "; all policies of the scenario together cost " in said[0], "railways that nobody asks the council about too"
    opt_in = next(text for text in said if text.startswith("Opt in "))
    assert "adopts what was not adopted: china pakistan economic corridor (" in opt_in
    assert ", 100 % of the worlds that adopt it)" in opt_in.partition("leaves out ")[2]
    sure = result.agreements.assign(adopted_change_error=1.0)
    unsure = sentences(replace(result, agreements=sure))
    assert all("adopts neither more nor less, beyond what chance does" in text for text in unsure[1:])


def test_what_is_switched_off_has_no_figure_and_the_reason_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a 0 that nobody has worked out, which reads as "nothing was delivered, at no cost"."""
    off = agenda().model_copy(update={"without": Without(mechanisms=("delivery", "people"))})
    one = {off.decision_rule.key(): off.decision_rule}
    monkeypatch.setattr("sco_sim.studies.council.rules.rules_of", lambda scenario: one)
    result = side_by_side(off, CASE, ["people_index", "trade_total_busd"], worlds=2)
    assert "people_index" not in result.rules
    assert result.rules["trade_total_busd"].notna().all()
    for column in ("delivered", "lost_to_delivery", "cost_musd"):
        assert result.rules[column].isna().all(), column
    assert result.rules["adopted"].notna().all()
    said = sentences(result)
    assert "USD" not in said[0]
    assert "delivery, people are switched off here" in said[-1]


def test_silent_is_what_nobody_else_moves() -> None:
    """Catches `adopted` taken for silent without accession, and an outcome that something else moves still."""
    without = agenda().model_copy(update={"without": Without(mechanisms=("accession", "cities"))})
    quiet = silent(without)
    assert "adopted" not in quiet
    assert quiet["cities"] == "cities"
    assert silent_metrics(["cities_total", "trade_total_busd", "agreements_adopted"], quiet) == {
        "cities_total": "cities"
    }
    assert silent(agenda()) == {}
    assert why(()) == ""


def test_the_figure_shows_every_agreement_under_every_rule(result: UnderRules) -> None:
    """Catches a cell of another rule, and the own rule not told from the others."""
    with styled():
        figure = rules_figure(result, "About")
    matrix = figure.axes[0]
    cells = [text.get_text() for text in matrix.texts]
    assert len(cells) == len(result.agreements)
    column = [label.get_text() for label in matrix.get_xticklabels()].index("Opt in")
    row = [label.get_text() for label in matrix.get_yticklabels()].index("China pakistan\neconomic corridor")
    assert "not IND 100 %" in cells[row * len(keys("rules")) + column]
    bold = [label.get_text() for label in matrix.get_xticklabels() if label.get_fontweight() == "bold"]
    assert bold == ["Consensus"]


@pytest.mark.slow
def test_the_command_writes_tables_and_a_figure(
    result: UnderRules, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Catches a file that is named and not written, and JSON without the words."""
    monkeypatch.setattr(command, "side_by_side", lambda *_, **__: result)
    monkeypatch.setattr(command, "opened", lambda _: CASE)
    how = {"sets": (), "outcomes": ["trade_total_busd"], "everything": False, "case": None, "worlds": WORLDS}
    assert command.main("contested_agenda", out=tmp_path, as_json=True, **how) == 0
    printed = capsys.readouterr().out
    assert "adopts what was not adopted" in printed
    assert {path.name for path in tmp_path.iterdir()} == {
        "SHA256SUMS", "rule_agreements.csv", "rule_left_out.csv", "rules.csv", "rules.png", "rules.svg",
        "study.json",
    }  # fmt: skip


@pytest.mark.slow
def test_the_screen_holds_the_rules_and_all_shows_every_agreement() -> None:
    """Catches two hundred lines for six rules, and a table that has no room and became paragraphs."""
    words = ("rules", "contested_agenda", "--worlds", 4, "--set", "horizon.end=2030")
    for more, tables in (((), 2), (("--all",), 2)):
        shown = on_terminal(100, *words, *more)
        lines = shown[shown.index("A contested agenda") :].splitlines()
        assert more or len(lines) <= 42
        assert sum("─────" in line for line in lines) == tables
        assert all(len(line.rstrip()) <= 100 for line in lines)
        assert ("Lost to veto" in shown) == bool(more)
        assert ("Outcomes in 2030" in shown) == bool(more)
    asked = on_terminal(100, *words, "--outcome", "trade_total_busd")
    assert "Outcomes in 2030" in asked
