"""Texts put to the members of a year."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sco_sim.components.readiness import TERMS
from sco_sim.errors import ScenarioError
from sco_sim.studies.council.agenda import Rounds
from sco_sim.studies.council.agenda_table import read_agenda, shipped_agenda
from sco_sim.studies.council.rounds import Round
from tests.unit.command_line import call, fine
from tests.worlds import CASE

ROOT = Path(__file__).parents[2]

HEADER = "item,field,depth,proposer,year,legs"


def table(folder: Path, *rows: str, header: str = HEADER) -> Path:
    path = folder / "agenda.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def rounds() -> Rounds:
    return Rounds(CASE, CASE.catalog.member_from, draws=400)


def test_every_error_of_a_table_is_told_at_once_with_its_place_and_a_remedy(tmp_path: Path) -> None:
    """Catches a reader that stops at the first error, or names the wrong cell."""
    path = table(
        tmp_path,
        "a,economi,deep,CHN,2010,",
        ",economy,deep,CHX,20x0,CHN-IRN",
        "b,economy,deep,CHN,,CHN",
        "c,,,,2010,,,",
    )
    with pytest.raises(ScenarioError) as caught:
        read_agenda(path, CASE)
    places = {(p.line, p.column) for p in caught.value.problems}
    assert places == {(2, 2), (3, 1), (3, 4), (3, 5), (3, 6), (4, 5), (4, 6), (5, 2), (5, 3), (5, 6)}
    assert all(problem.file == str(path) and problem.remedy for problem in caught.value.problems)


def test_cells_that_cannot_all_be_true_are_refused(tmp_path: Path) -> None:
    """Catches a text adopted before it came up, for and against a state, decided both ways, held up by no member."""
    header = "item,field,depth,raised,adopted,outcome,favours,against,held_out"
    path = table(
        tmp_path, "a,economy,deep,2010,2009,,,,", "b,political,declaratory,2010,2011,not_adopted,CHN,CHN;IND,",
        "c,economy,deep,2010,2011,,,,IRN", "d,economy,deep,2022,2024,,,,IRN", header=header,
    )  # fmt: skip
    with pytest.raises(ScenarioError) as caught:
        read_agenda(path, CASE)
    assert [(p.line, p.column) for p in caught.value.problems] == [(2, 5), (3, 5), (3, 8), (4, 9)]


def test_an_outcome_that_the_other_cells_do_not_bear_out_is_refused(tmp_path: Path) -> None:
    """Catches a text adopted without a date that counts as one that waited, and a hold-out that is dropped."""
    header = "item,field,depth,raised,adopted,outcome,held_out"
    rows = [
        "a,economy,deep,2019,,passed,", "b,economy,deep,2019,,adopted,", "c,economy,deep,2019,2019,adopted_without,",
        "d,economy,deep,2019,2019,adopted,IND", "e,economy,deep,2019,2019,adopted_without,IND",
        "f,economy,deep,2018,2019,adopted,IND",
    ]  # fmt: skip
    with pytest.raises(ScenarioError) as caught:
        read_agenda(table(tmp_path, *rows, header=header), CASE)
    assert [(p.line, p.column) for p in caught.value.problems] == [(2, 6), (3, 6), (4, 6), (5, 7)]


def test_a_column_that_is_misspelt_is_told_and_a_note_is_not(tmp_path: Path) -> None:
    """Catches `favors`, which was passed over without a word, and a column of notes that is refused."""
    header = "item,field,depth,year,favors,heldout,remarks"
    with pytest.raises(ScenarioError) as caught:
        read_agenda(table(tmp_path, "a,economy,deep,2019,IND,IND,hm", header=header), CASE)
    assert [problem.remedy for problem in caught.value.problems] == ["write `favours`", "write `held_out`"]
    with pytest.raises(ScenarioError, match="semicolons"):
        read_agenda(table(tmp_path, "a;economy", header="item;field;depth;year"), CASE)


def test_a_state_outside_the_case_is_to_be_left_out(tmp_path: Path) -> None:
    """Catches a list of known states as the only remedy for a statement about somebody else."""
    header = "item,field,depth,year,against"
    with pytest.raises(ScenarioError, match="no state 'Israel'") as caught:
        read_agenda(table(tmp_path, "a,political,declaratory,2019,Israel", header=header), CASE)
    assert caught.value.problems[0].remedy.startswith("leave ISR out")


def test_the_table_of_the_page_is_read_and_says_what_the_shipped_one_says(tmp_path: Path) -> None:
    """Catches an example of the instructions that the command refuses, or that codes the record in another way."""
    page = (ROOT / "docs" / "agenda.md").read_text(encoding="utf-8")
    path = tmp_path / "page.csv"
    path.write_text(page.split("```csv\n")[1].split("```")[0], encoding="utf-8")
    shipped = {item.name: item for item in read_agenda(shipped_agenda(CASE), CASE)}
    for item in read_agenda(path, CASE):
        assert shipped.get(item.name, item) == replace(item, raised_known=shipped.get(item.name, item).raised_known)


def test_every_term_of_readiness_is_explained(rounds: Rounds, tmp_path: Path) -> None:
    """Catches a term that `council` prints and nobody explains."""
    (item,) = read_agenda(table(tmp_path, "a,economy,deep,CHN,2010,"), CASE)
    assert [*rounds.vote(item).terms, "wobble"] == list(TERMS)
    shown = fine("council", "--agenda", table(tmp_path, "a,economy,deep,CHN,2010,"), "--draws", 50)
    assert "; hub, what its own trade club would lose" in " ".join(shown.split())


@pytest.mark.parametrize(
    ("header", "rows"),
    [("item,depth,year", ["a,deep,2010"]), ("item,field,depth", ["a,economy,deep"]), (HEADER, []), ("", []),
     ("item,field,depth,year,year", ["a,economy,deep,2010,2011"])],
)  # fmt: skip
def test_a_table_without_what_is_needed_is_refused(tmp_path: Path, header: str, rows: list[str]) -> None:
    """Catches a missing column or an empty table that ends in a traceback."""
    with pytest.raises(ScenarioError) as caught:
        read_agenda(table(tmp_path, *rows, header=header), CASE)
    assert caught.value.problems[0].remedy


def test_a_file_that_is_no_table_is_refused(tmp_path: Path) -> None:
    """Catches a binary file, a folder, or nothing at all."""
    (tmp_path / "binary.csv").write_bytes(b"\xff\xfe\x00item")
    for path in (tmp_path / "binary.csv", tmp_path, tmp_path / "none.csv"):
        with pytest.raises(ScenarioError, match=r"cannot be read"):
            read_agenda(path, CASE)


def test_the_shipped_agenda_is_read_whole() -> None:
    """Catches a row of the table that the reader drops or misreads."""
    items = {item.name: item for item in read_agenda(shipped_agenda(CASE), CASE)}
    assert len(items) == len(CASE.table("agenda"))
    assert items["free_trade_area 2003"].adopted is None
    assert items["belt_and_road_endorsement 2018"].legs == (("CHN", "PAK"),)
    assert items["belt_and_road_endorsement 2018"].adopted is None
    assert not items["culture_agreement 2007"].raised_known


@pytest.mark.slow
def test_the_voters_are_the_members_of_the_year_without_the_candidates(rounds: Rounds) -> None:
    """Catches a vote by states that joined later, or on one's own admission."""
    items = {item.name: item for item in read_agenda(shipped_agenda(CASE), CASE)}
    assert rounds.members(items["free_trade_area 2003"], 2003) == ("CHN", "KAZ", "KGZ", "RUS", "TJK", "UZB")
    assert "IND" in rounds.members(items["free_trade_area 2003"], 2018)
    assert "IRN" not in rounds.members(items["accession_iran 2016"], 2023)


def test_a_vote_is_equation_5_without_luck(rounds: Rounds, tmp_path: Path) -> None:
    """Catches a wobble that slips in, and terms that do not add up to the ambition."""
    (item,) = read_agenda(table(tmp_path, "a,economy,deep,CHN,2010,"), CASE)
    vote, again = rounds.vote(item), rounds.vote(item)
    assert "wobble" not in vote.terms
    assert np.array_equal(vote.z, again.z)
    np.testing.assert_allclose(vote.ambition, 1.0 / (1.0 + np.exp(-2.0 * sum(vote.terms.values()))))
    np.testing.assert_allclose(vote.least_willing.sum(), 1.0)
    assert np.array_equal(vote.accepts, (vote.ambition >= 0.5).mean(axis=0))


def test_equal_states_share_the_chance_to_be_least_willing(rounds: Rounds, tmp_path: Path) -> None:
    """Catches a tie that goes to whoever is first in the alphabet."""
    (item,) = read_agenda(table(tmp_path, "a,culture,declaratory,,2010,"), CASE)
    vote = rounds.vote(item)
    alike = replace(vote, terms={name: term for name, term in vote.terms.items() if name != "sovereignty"})
    np.testing.assert_allclose(alike.least_willing, 1.0 / 6.0, atol=1e-3)  # but for what each wants


def test_a_likelihood_is_the_chance_of_what_happened(rounds: Rounds, tmp_path: Path) -> None:
    """Catches outcomes whose chances do not sum to one: it passed, or it failed with one of the voters lowest."""
    (item,) = read_agenda(table(tmp_path, "a,economy,institution,CHN,2010,"), CASE)
    vote = rounds.vote(item)
    ends = [Round(vote), *(Round(vote, (iso,), passed=False) for iso in vote.voters)]
    chances = [np.exp(one.log_likelihood()) for one in ends]
    np.testing.assert_allclose(sum(chances), 1.0, atol=0.02)  # the floor adds a little


@pytest.mark.parametrize("year", [1900, 2200, 10**20])
def test_a_year_of_the_vote_that_cannot_be_is_refused(year: int) -> None:
    result = call("council", "--agenda", "real", "--year", year)
    assert result.exit_code == 2
    assert f"--year: {year} is no year of a vote" in result.stderr
    assert "choose from 1992 to 2199" in result.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--agenda", "real", "--worlds", 5), "--worlds does nothing here"),
        (("--agenda", "real", "--fixed-parameters"), "--fixed-parameters does nothing here"),
        (("--agenda", "real", "--set", "horizon.end=2030"), "a table of texts has no `horizon.end`"),
        (("--agenda", "real", "--replay", "--year", 2010), "a replay has the years in which the texts waited"),
        (("--agenda", "real", "--replay", "--out", "page.md", "--view", "sceptic"), "that of the ledger as it is"),
        (("combined", "--draws", 5), "--draws does nothing here"),
    ],
)
def test_an_option_that_would_be_read_over_is_refused(words: tuple[object, ...], message: str) -> None:
    """Catches a table of texts, or a scenario, that is shown as if an option had been heeded."""
    result = call("council", *words)
    assert result.exit_code == 2
    assert message in result.stderr


@pytest.mark.slow
def test_a_term_that_is_switched_off_is_gone_from_the_votes_and_the_record(tmp_path: Path) -> None:
    """Catches overrides that a table of texts does not heed, or heeds without a word."""
    path = table(tmp_path, "a,economy,deep,CHN,2023,CHN-PAK")
    words = ("council", "--agenda", path, "--draws", 50)
    off = ("--set", "parameters.council.rivals=0", "--set", "parameters.quarrel.votes=0")
    assert "rivals" in fine(*words)
    shown = fine(*words, *off)
    assert "Overridden: council.rivals, quarrel.votes." in shown
    assert not {"rivals", "quarrel"} & set(shown.split())
    assert "Belief: under the view `documents`" in fine(*words, "--view", "documents")
    record = json.loads(fine(*words, "--view", "sceptic", "--json"))
    assert record["belief"]
    assert "meetings.hazard" in record["overridden"]


def test_rows_that_nobody_could_vote_on_are_refused(tmp_path: Path) -> None:
    """Catches an admission of nobody or of a member, a hold-out without a vote, and a text that stands twice."""
    path = table(
        tmp_path, "a,membership,institution,2019,,", "b,membership,institution,2024,TUR;KAZ,",
        "c,economy,deep,2019,,TUR", "d,economy,deep,2019,,", "d,economy,deep,2019,,", "d,economy,deep,2020,,",
        header="item,field,depth,raised,participants,held_out",
    )  # fmt: skip
    with pytest.raises(ScenarioError) as caught:
        read_agenda(path, CASE)
    assert [(p.line, p.column) for p in caught.value.problems] == [(2, 5), (3, 5), (4, 6), (6, 1)]


@pytest.mark.slow
def test_a_text_that_is_not_on_the_table_in_the_year_asked_for_is_said_not_to_be() -> None:
    """Catches wishes about a text of 2030 that pass for a decision of 2029."""
    text = ("--set", "policies=[{sister_cities: {start: 2027, end: 2028}}]", "--worlds", 2)
    heads = [
        fine("council", "no_events", *text, "--year", year).partition("sister_cities: ")[2] for year in (2026, 2027)
    ]
    assert heads[0].startswith("decided by the council, by consensus; as if it were on the table in 2026")
    assert heads[1].startswith("decided by the council, by consensus, in 2027")


def test_the_command_says_who_is_named_to_pay_and_is_not_bound(tmp_path: Path) -> None:
    """Catches a fund whose payer refuses, without a word, and a text that is ratified before it is adopted."""
    path = tmp_path / "fund.yaml"
    path.write_text(
        "extends: baseline.yaml\nhorizon: {end: 2029}\ndecision_rule: {opt_in: {minimum: 2}}\n"
        "decides: {RUS: {fixed: {level: 0.0}}, CHN: {fixed: {level: 1.0}}, KGZ: {fixed: {level: 1.0}}}\n"
        "policies: [special_fund: {size_musd_per_year: 300, start: 2027, payers: {CHN: 0.5, RUS: 0.5}}]\n",
        encoding="utf-8",
    )
    (fund,) = json.loads(call("council", path, "--worlds", 6, "--json").stdout)["agreements"]
    assert fund["payers_not_bound"] == {"RUS": 1.0}
    assert fund["adopted_year_mean"] <= fund["ratified_year_mean"]
    assert "not bound in worlds that adopt it: RUS 100 %." in fine("council", path, "--worlds", 6)
