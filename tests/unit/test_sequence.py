"""The order of texts and chairs, where the answer is known by construction."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from sco_sim.cli.main import app
from sco_sim.commands.sequence import letters
from sco_sim.errors import ScenarioError
from sco_sim.scenario.load import load_scenario
from sco_sim.studies.sequence.orders import MOST, Orders, climbed, same_as
from sco_sim.studies.sequence.sequence import BEST, SHIPPED, WITH_CHAIR, WORST, SequenceStudy
from sco_sim.studies.sequence.trials import IN_FORCE
from sco_sim.studies.sequence.words import sentences
from tests.unit.command_line import fine
from tests.worlds import CASE

pytestmark = pytest.mark.filterwarnings("ignore::sco_sim.errors.SimWarning")

CLUB = [
    "states=[CHN, KAZ, RUS]", "horizon.end=2031", "without.mechanisms=[ratification]",
    *(f"parameters.council.{name}=0" for name in ("wobble", "benefit", "trust", "community", "hub", "rivals")),
    "parameters.quarrel.votes=0", "parameters.council.base=0.1", "parameters.council.depth=1.0",
]  # fmt: skip
"""Three states of one mind that accept what is shallow, and what is deep only where `council.practice` helps."""
NEEDS_PRACTICE = "policies=[{trade_facilitation: {start: 2025}}, {people_to_people: {start: 2030}}]"


def study(*sets: str, worlds: int = 4, **how: object) -> SequenceStudy:
    return SequenceStudy(
        load_scenario("no_events", [*CLUB, *sets]), CASE, outcomes=(IN_FORCE,), worlds=worlds, **how  # type: ignore[arg-type]
    )  # fmt: skip


def test_the_institution_comes_before_the_text_that_needs_it() -> None:
    """Catches turns that are not exchanged, a side that is turned about, and a regret with the wrong sign."""
    result = study(NEEDS_PRACTICE, "parameters.council.practice=60.0", year=2030).run()
    rows = result.rows.set_index("sequence")
    assert result.every
    assert (result.tried, result.different) == (2, 2)
    assert rows.loc[SHIPPED, "order"] == rows.loc[WORST, "order"] == "trade_facilitation > people_to_people"
    assert rows.loc[BEST, "order"] == "people_to_people > trade_facilitation"
    assert rows.loc[BEST, "difference"] == 1.0
    assert rows.loc[WORST, "difference"] == 0.0
    assert "people_to_people, trade_facilitation, the scenario's gives up +1.0" in sentences(result, False)[1]


def test_a_chair_that_lets_an_easy_text_through_is_worth_that_text() -> None:
    """Catches a chair that votes, a circle that starts with somebody else, and priorities that are nobody's."""
    agenda = "agenda={per_summit: 1, chairs: [RUS, CHN, KAZ], priorities: {CHN: [culture]}}"
    texts = "policies=[{tariff_liberalisation: {start: 2026}}, {people_to_people: {start: 2026}}]"
    result = study(texts, agenda, "parameters.council.practice=0.0", year=2026).run()
    assert result.different == 2
    chairs = result.chairs.set_index("chair")
    assert chairs[f"{IN_FORCE}_throughout"].to_dict() == {"KAZ": 0.0, "RUS": 0.0, "CHN": 1.0}
    assert chairs[f"{IN_FORCE}_turn"].to_dict() == {"KAZ": 0.0, "RUS": 0.0, "CHN": 1.0}
    assert chairs["first"].to_dict() == {"KAZ": "", "RUS": "", "CHN": "people_to_people"}
    rows = result.rows.set_index("sequence")
    assert rows.loc[BEST, "difference"] == rows.loc[WITH_CHAIR, "difference"] == 1.0
    assert "KAZ, RUS put nothing first" in sentences(result, True)[-1]


def test_orders_that_come_to_the_same_are_known_to() -> None:
    """Catches a search that takes two orders for one, or simulates the same twice."""
    free = Orders(load_scenario("contested_agenda"))
    assert len({same_as(free.scenario_of(order)) for order in free.every()}) == 1
    queue = Orders(load_scenario("contested_agenda", ["agenda={per_summit: 2}"]))
    assert len({same_as(queue.scenario_of(order)) for order in queue.every()}) == 60
    assert climbed(("c", "a", "b"), lambda order: -float("abc".index(order[0]))) == (("a", "c", "b"), True)


def test_a_search_among_many_texts_ends_and_says_that_it_did() -> None:
    """Catches hours of swaps among thirty texts."""
    texts = tuple(f"{n:02}" for n in range(30))
    asked: set[tuple[str, ...]] = set()

    def value(order: tuple[str, ...]) -> float:
        asked.add(order)
        return -float(sum(abs(int(text) - 29 + place) for place, text in enumerate(order)))

    order, done = climbed(texts, value)
    assert not done
    assert value(order) > value(texts)
    assert len(asked) <= MOST + 435


def test_a_text_has_letters_however_many_there_are() -> None:
    """Catches the signs that follow Z in the table of characters."""
    assert [letters(turn) for turn in (0, 25, 26, 27, 51, 52, 701, 702)] == [
        "A", "Z", "AA", "AB", "AZ", "BA", "ZZ", "AAA",
    ]  # fmt: skip


def test_what_cannot_be_put_in_order_is_said() -> None:
    with pytest.raises(ScenarioError, match="no order of fewer than two texts"):
        Orders(load_scenario("sister_cities"))
    with pytest.raises(ScenarioError, match="no text is tabled by 2024"):
        study(NEEDS_PRACTICE, year=2024)
    for words in (["--text", "nonsense"], ["--outcome", "cohesio"], ["--outcome", "agreements_adopted"]):
        wrong = CliRunner().invoke(app, ["sequence", "rotating_chair", *words])
        assert wrong.exit_code == 2, words
        assert "Traceback" not in wrong.output


@pytest.mark.slow
def test_levels_show_their_digits_and_no_order_has_no_table() -> None:
    """Catches an index of 0.03 that is printed as 0.0 since no order moves it, and orders set beside themselves."""
    few = ("--worlds", 4, "--year", 2028)
    shown = fine("sequence", "rotating_chair", *few, "--outcome", "gains_gini")
    levels = [line.split("as it is")[1].split()[0] for line in shown.splitlines() if "  as it is " in line]
    assert levels
    assert all(0.0 < float(level) < 0.1 for level in levels)
    same = fine("sequence", "combined", *few)
    assert "none differs from another" in same
    assert "Orders, by what" not in same
    assert len(same.splitlines()) < 8
