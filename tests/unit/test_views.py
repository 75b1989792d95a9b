"""Views: the beliefs that a run rests on are in its identity, on screen and in its files, each with its reason."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sco_sim.components.registry import find, keys
from sco_sim.errors import ScenarioError, StoreError
from sco_sim.runs.rerun import rerun
from sco_sim.runs.run import run
from sco_sim.scenario.load import load_scenario, vary
from sco_sim.scenario.views import load_view, views
from sco_sim.studies.effects.documents import rows
from sco_sim.studies.effects.effects import effects
from sco_sim.studies.export_iamc import iamc
from tests.unit.command_line import call, parsed
from tests.worlds import CASE, ROOT

LEDGER = CASE.ledger.entries
ROW = re.compile(r"[ABCNP]\d+")
NO_EFFECT = {
    "trust.level_common",
    "people.gdp_elasticity", "cities.arrival_rate", "trust.level_rate", "security.adjustment", "security.noise",
    "migrants.adjustment", "investment.noise", "investment.gdp_elasticity", "investment.policy_response",
    "people_to_people.half_saturation", "university_network.half_saturation", "university_network.additional",
    "university_network.stay",
    "university_network.first_graduates", "university_network.last_graduates", "direct_flights.additional",
    "security_cooperation.attendance", "council.base", "council.benefit", "council.sovereignty", "council.depth",
    "council.rivals",
    "council.hub", "council.territory", "council.balance", "council.friends", "ties.assistance", "ties.consultation",
    "ties.arms", "ties.claim", "ties.trust", "council.pressure", "council.wobble", "delivery.rate", "delivery.capacity",
    "delivery.volatility", "gains.transit", "gains.half_income", "gains.half_capacity", "gains.half_security",
    "gains.half_stability", "gains.half_people",
}  # fmt: skip
"""Judgement that components of the documents' rows use, and that is no effect a document describes: rates, noise,
delays, and the weights of the vote that a replay of the real agenda was held against."""
DOUBTLESS = {"downturn.growth", "pandemic.people", "unrest.stability", "policy_volatility.volatility",
             "border_closing.trade"}  # fmt: skip
"""Harm that is the event itself, with a range that does not allow nothing: no view changes it."""


def described() -> set[str]:
    """Entries of kind judgement that a component with rows of the documents uses."""
    used = {
        name
        for component_kind in ("policies", "events", "mechanisms", "deciders")
        for key in keys(component_kind)
        if find(component_kind, key).rows
        for name in find(component_kind, key).parameters
    }
    return {name for name in used if name in LEDGER and LEDGER[name].kind == "judgement"}


def test_the_shipped_views() -> None:
    assert list(views()) == ["documents", "evidence", "sceptic"]
    evidence = load_view("evidence", CASE.catalog)
    assert not evidence.overrides
    assert not evidence.settings


def test_the_documents_view_holds_every_judgement_that_a_row_describes() -> None:
    """Catches an entry that a new component brings and that no view speaks of."""
    missing = described() - set(load_view("documents", CASE.catalog).overrides) - NO_EFFECT - DOUBTLESS
    assert not missing, "give each a range in scenarios/views/documents.yaml, and 0 in sceptic.yaml if that is allowed"


@pytest.mark.parametrize("name", ["documents", "sceptic"])
def test_every_belief_names_rows_of_the_documents(name: str) -> None:
    for entry, belief in load_view(name, CASE.catalog).overrides.items():
        named = ROW.findall(belief.source)
        assert named, entry
        assert set(named) <= set(rows()), entry


def test_the_documents_view_lies_beyond_what_the_ledger_allows_or_in_its_upper_half() -> None:
    """Catches a belief that is no stronger than the evidence, so that nobody would notice it."""
    for name, belief in load_view("documents", CASE.catalog).overrides.items():
        entry, new = LEDGER[name], LEDGER[name].overridden(belief)
        assert min(abs(new.low), abs(new.high)) > 0.0, name
        assert abs(new.central) > abs(entry.central), name


def test_the_sceptic_puts_at_nothing_what_the_ledger_allows_to_be_nothing() -> None:
    sceptic = load_view("sceptic", CASE.catalog).overrides
    for name in load_view("documents", CASE.catalog).overrides:
        allowed = LEDGER[name].low <= 0.0 <= LEDGER[name].high
        assert (name in sceptic and sceptic[name].value == 0.0) == allowed, name


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", ["documents", "sceptic"])
def test_no_shipped_view_warns(name: str) -> None:
    assert load_scenario("combined", [f"view={name}"]).is_belief


def test_what_the_scenario_says_goes_before_the_view() -> None:
    own = ["view=documents", "parameters.council.trust=0.1", "hazard_on=none", "parameters.trust.contact_effect.low=0"]
    scenario = load_scenario("baseline", own)
    assert scenario.parameters["council.trust"].value == 0.1
    assert scenario.hazard_on == "none"
    assert (scenario.parameters["trust.contact_effect"].low, scenario.parameters["trust.contact_effect"].high) == (
        0.0,
        load_view("documents", CASE.catalog).overrides["trust.contact_effect"].high,
    )
    assert load_scenario("baseline", ["view=documents"]).hazard_on == "level"


def test_the_evidence_is_the_ledger_as_it_is() -> None:
    assert load_scenario("baseline", ["view=evidence"]) == load_scenario("baseline")


def test_a_view_of_ones_own_beside_the_scenario(tmp_path: Path) -> None:
    belief = "overrides:\n  dispute.trust: {value: 1, reason: I say so, source: me}\n"
    (tmp_path / "mine.yaml").write_text("title: Mine\n" + belief, encoding="utf-8")
    (tmp_path / "one.yaml").write_text("extends: baseline.yaml\nview: mine.yaml\n", encoding="utf-8")
    scenario = load_scenario(tmp_path / "one.yaml")
    assert scenario.view == "mine"
    assert scenario.parameters["dispute.trust"].value == 1.0


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("title: x\noverrides:\n  dispute.trust: {low: 0, high: 99, reason: a, source: b}\n", 3, "99 is out of range"),
        ("title: x\noverrides:\n  nope: {value: 1, reason: a, source: b}\n", 3, "no parameter 'nope'"),
        ("title: x\noverrides:\n  dispute.trust: {value: 1, source: b}\n", 3, "lacks the field 'reason'"),
        ("title: x\nsettings:\n  hazard_on: {value: lvl, reason: a, source: b}\n", 3, "not 'lvl'"),
        ("title: x\nsettings:\n  horizon: {value: a, reason: a, source: b}\n", 3, "horizon"),
        ("overrides: {}\n", 1, "lacks the field 'title'"),
        ("title: x\nname: y\noverrides: {}\n", 2, "named after its file"),
    ],
)
def test_what_is_wrong_with_a_view_is_said_with_its_line(tmp_path: Path, text: str, line: int, message: str) -> None:
    """Both where it is validated alone and where a scenario is run under it."""
    file = tmp_path / "mine.yaml"
    file.write_text(text, encoding="utf-8")
    for words in (["validate", file], ["show", "baseline", "--view", file]):
        shown = call(*words)
        assert shown.exit_code == 2
        assert f"mine.yaml:{line}" in shown.stderr
        assert message in shown.stderr


def test_a_view_called_evidence_overrides_nothing(tmp_path: Path) -> None:
    file = tmp_path / "evidence.yaml"
    file.write_text("title: x\noverrides: {dispute.trust: {value: 1, reason: a, source: b}}\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match="the ledger as it is"):
        load_view(str(file), CASE.catalog)


def test_several_views_where_one_is_taken_are_called_several() -> None:
    """Catches `did you mean` for two names that are both right."""
    with pytest.raises(ScenarioError, match="is several views where one is taken"):
        load_scenario("baseline", ["view=evidence,documents"])


def test_a_view_is_no_factor_of_a_sweep() -> None:
    with pytest.raises(ScenarioError, match="give --view"):
        vary(load_scenario("baseline"), {"view": "sceptic"}, CASE.catalog)


@pytest.mark.slow
def test_the_view_is_part_of_the_identity_and_reruns_to_the_same_bits(tmp_path: Path) -> None:
    """Catches a view that is lost between the command line and the manifest."""
    digests = {}
    for name in views():
        scenario = load_scenario("sister_cities", [f"view={name}", "horizon.end=2029"])
        stored = run(scenario, worlds=4, out=tmp_path / name)
        assert stored.manifest["scenario"]["view"] == name
        assert rerun(tmp_path / name).same
        digests[name] = stored.digest()
    assert len(set(digests.values())) == 3
    with pytest.raises(StoreError):
        run(load_scenario("sister_cities", ["view=sceptic", "horizon.end=2029"]), worlds=4, out=tmp_path / "documents")


@pytest.mark.slow
def test_belief_is_called_belief_on_screen_and_in_files(tmp_path: Path) -> None:
    words = ["compare", "baseline", "sister_cities", "--worlds", 4, "--out", tmp_path / "c", "--no-figures"]
    shown = call(*words, "--set", "horizon.end=2029", "--view", "documents")
    assert "Belief: under the view `documents`" in shown.stdout
    assert set(pd.read_csv(tmp_path / "c" / "comparison.csv")["evidence"]) == {"belief"}
    other = call(*words[:-3], "--out", tmp_path / "d", "--no-figures", "--set", "horizon.end=2029")
    assert "Belief" not in other.stdout
    assert "belief" not in set(pd.read_csv(tmp_path / "d" / "comparison.csv")["evidence"])


def test_every_command_that_simulates_takes_a_view() -> None:
    """Catches a command whose work another view would change and that cannot be asked."""
    for command in ("run", "compare", "show", "validate", "diff", "rules", "rivals", "council", "effects", "portfolio",
                    "sweep", "predictive", "hindcast", "loop", "cascade", "sequence", "packages",
                    "enlargement",
                    "threshold", "trace", "worth", "promises",
                    "brief"):  # fmt: skip
        assert "--view" in call(command, "--help").stdout, command


def test_list_and_validate_know_views() -> None:
    listed = parsed("list", "views")
    assert [(row["name"], row["belief"]) for row in listed] == [
        ("documents", True), ("evidence", False), ("sceptic", True),
    ]  # fmt: skip
    assert "fine" in call("validate", "documents").stdout


def test_effects_under_each_view() -> None:
    """The documents' view moves trust by people to people, the sceptic's does not; both are belief."""
    moved = {}
    for name in ("documents", "sceptic"):
        frame = effects(CASE, only=["people_to_people"], worlds=8, overrides=[f"view={name}"]).set_index("outcome")
        assert set(frame["evidence"]) == {"belief"}
        moved[name] = frame.loc["trust", "difference"]
        assert "shown" not in set(frame["verdict"])
    assert moved["documents"] > 0.5
    assert np.isclose(moved["sceptic"], 0.0, atol=1e-9)


def test_the_view_of_the_page_is_fine(tmp_path: Path) -> None:
    """Catches a page whose example no longer loads."""
    page = (ROOT / "docs" / "views.md").read_text(encoding="utf-8")
    example = page.split("```yaml\n")[1].split("```")[0]
    (tmp_path / "my_view.yaml").write_text(example, encoding="utf-8")
    assert "fine" in call("validate", tmp_path / "my_view.yaml").stdout
    assert load_scenario("baseline", [f"view={tmp_path / 'my_view.yaml'}"]).hazard_on == "level"


def test_what_is_exported_is_called_belief(tmp_path: Path) -> None:
    stored = run(load_scenario("baseline", ["view=sceptic", "horizon.end=2027"]), worlds=4, out=tmp_path / "r")
    assert set(iamc(stored)["scenario"]) == {"baseline [belief: sceptic]"}
