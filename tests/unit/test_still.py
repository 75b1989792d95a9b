"""What can move nothing in a scenario is said, with why."""

from __future__ import annotations

import pytest

from sco_sim.scenario.idle import idle, in_one_year
from sco_sim.scenario.load import load_scenario
from sco_sim.studies.effects.still import moving_nothing
from tests.unit.command_line import fine
from tests.worlds import CASE

TEN = ("BLR", "CHN", "IND", "IRN", "KAZ", "KGZ", "PAK", "RUS", "TJK", "UZB")

RAILWAY = "trade_corridor: {corridor: china_kyrgyzstan_uzbekistan_railway, start: 2027, construction_years: 40}"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("policies=[{sister_cities: {intensity: 0}}]", "sister_cities moves nothing here: its intensity is 0"),
        ("policies=[{sister_cities: {participants: [CHN]}}]", "and CHN alone takes part"),
        ("policies=[{trade_corridor: {legs: [[CHN, KGZ], [KGZ, UZB]], participants: [CHN, UZB]}}]", "no leg of it has"),
        (f"policies=[{{{RAILWAY}}}]", "it is built by 2067, and the horizon ends in 2040"),
        ("events=[{dispute: {between: [IND, PAK], year: 2060}}]", "it begins in 2060"),
        ("policies=[{people_to_people: {persons_per_tie: 0}}]", "its persons_per_tie is 0"),
        ("policies=[{university_network: {seats_per_year: 0}}]", "its seats_per_year is 0"),
        (
            "policies=[{heritage_protection: {exhibitions_per_year: 0, joint_archaeology: 0, anti_trafficking: 0}}]",
            "its exhibitions_per_year, joint_archaeology and anti_trafficking are 0",
        ),
        (
            "events=[{unrest: {states: [KGZ], start: 2027, severity: 0}}]",
            "unrest moves nothing here: its severity is 0",
        ),
        ("events=[{rival_club: {members: [KAZ], start: 2027, intensity: 0}}]", "its intensity is 0"),
    ],
)
def test_the_file_alone_tells_what_moves_nothing(change: str, said: str) -> None:
    """Catches a component that is accepted, named in every table, and acts on nobody."""
    (line,) = idle(load_scenario("no_events", [change]))
    assert said in line
    assert said in fine("validate", "no_events", "--set", change)


def test_no_shipped_component_is_said_to_move_nothing_by_the_file_alone() -> None:
    """Catches a rule that cries wolf."""
    assert not idle(load_scenario("everything"))


@pytest.mark.slow
def test_a_run_tells_what_has_no_size_and_what_has() -> None:
    """Catches the sentence for a text that acts, and silence about one whose sizes are all 0."""
    texts = (
        "policies=[{media_dialogue: {start: 2030}}, {sister_cities: {start: 2030}}, {tourism_routes: {start: 2030}}]"
    )
    for view, silent in (("sceptic", {"media_dialogue", "tourism_routes"}), ("evidence", set())):
        scenario = load_scenario("no_events", [texts, f"view={view}"])
        said = moving_nothing(scenario, scenario.policies, CASE)
        assert {line.split()[0] for line in said} == silent


def test_of_two_texts_of_one_key_each_is_tried_by_itself() -> None:
    """Catches a text that moves nothing and hides behind another of its kind, and a stranger's line."""
    fields = "{people_to_people: {name: %s, persons_per_tie: %s, start: 2030}}"
    texts = f"policies=[{fields % ('none', 0)}, {fields % ('many', 2000)}, {{sister_cities: {{intensity: 0}}}}]"
    scenario = load_scenario("no_events", [texts])
    said = moving_nothing(scenario, [one for one in scenario.policies if one.key() == "people_to_people"], CASE)
    assert [line.split()[0] for line in said] == ["none"]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("decision_rule={consensus_minus: {k: 10}}", "it would not even if all 10 members accepted, since k is 10"),
        ("decision_rule={opt_in: {minimum: 11}}", "it would not even if all 10 members accepted, since minimum is 11"),
        (f"membership={{{', '.join(f'{iso}: null' for iso in TEN)}}}", "no state is a member in any year"),
        ("decision_rule={opt_in: {minimum: 10}}", ""),
    ],
)
def test_a_rule_that_can_adopt_nothing_is_named(change: str, why: str) -> None:
    """Catches a council that adopts nothing whatever the states want, and a file that is called fine."""
    said = [line for line in idle(load_scenario("trade_facilitation", [change])) if "adopts nothing" in line]
    assert [line.partition(": ")[2] for line in said] == ([why] if why else [])


def test_a_rule_that_leaves_out_more_than_there_are_is_named_though_no_text_waits_for_it() -> None:
    """Catches `k: 99` of ten members that is called fine."""
    said = fine("validate", "no_events", "--set", "decision_rule={consensus_minus: {k: 99}}")
    assert "consensus_minus adopts nothing here: it would not even if all 10 members accepted, since k is 99" in said


def test_a_text_whose_payers_can_never_adopt_it_is_named() -> None:
    """Catches a payer that is never asked and a text that waits for its money."""
    texts = "policies=[{sister_cities: {payers: {TUR: 1}}}]"
    (line,) = idle(load_scenario("more_states", [texts]))
    assert "nobody pays for it, since TUR can never adopt it" in line


def test_an_event_without_an_end_is_said_to_be_over_after_a_year() -> None:
    """Catches sanctions that are taken for lasting and act once, and a note on what has an end."""
    lasting = "{sanctions: {target: RUS, start: 2027, end: 2030}}, {dispute: {between: [IND, PAK], year: 2028}}"
    scenario = load_scenario(
        "no_events", ["horizon.end=2035", f"events=[{{sanctions: {{target: RUS, start: 2027}}}}, {lasting}]"]
    )
    assert in_one_year(scenario) == [
        "sanctions without an `end` acts in 2027 alone; write `end: 2035` if it is to last"
    ]
    assert not in_one_year(load_scenario("everything"))


@pytest.mark.parametrize(
    ("legs", "participants", "said"),
    [
        (
            "corridor: china_kyrgyzstan_uzbekistan_railway",
            "CHN, UZB",
            "between CHN-UZB: KGZ, on its way, takes no part",
        ),
        ("legs: [[CHN, RUS], [RUS, KAZ], [KAZ, UZB]]", "CHN, RUS, UZB", "between CHN-UZB, RUS-UZB: KAZ, on its way"),
        ("corridor: china_kyrgyzstan_uzbekistan_railway", "CHN, KGZ, UZB", ""),
    ],
)
def test_a_corridor_that_a_state_on_its_way_leaves_out_is_said_to_carry_nothing(
    legs: str, participants: str, said: str
) -> None:
    """Catches a railway without the state in the middle, which is paid, delivered and moves no freight."""
    policy = f"{{trade_corridor: {{{legs}, participants: [{participants}]}}}}"
    lines = idle(load_scenario("no_events", [f"policies=[{policy}]"]))
    assert len(lines) == bool(said)
    assert all(f"carries nothing {said}" in line for line in lines)
