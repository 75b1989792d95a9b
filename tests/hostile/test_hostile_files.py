"""Every bad file gets a ScenarioError that names the line, the problem and a remedy, and never another exception."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sco_sim.errors import ScenarioError
from sco_sim.scenario.load import load_scenario

FILES = Path(__file__).parent / "files"

TABLE = [
    ("agenda_field_unknown", 3, "no field 'cultur'", "did you mean 'culture'?"),
    ("agenda_without_limit", 3, "agenda lacks the field 'per_summit'", "Most agreements"),
    ("alias", 2, "aliases are not allowed (*t)", "write the value out"),
    ("anchor", 1, "anchors are not allowed (&t)", "remove"),
    ("bomb", 2, "aliases are not allowed (*a)", "write the value out"),
    ("boolean_for_number", 4, "intensity must be a number, not true", "0 to 1"),
    ("border_not_shared", 4, "no land border joins BLR and CHN", "share one"),
    ("bracket_open", 2, "not valid YAML", "brackets"),
    ("budget_key_misspelt", 3, "budget.key must be 'gdp' or 'equal' or a mapping of fields, not 'gpd'", "Who pays"),
    ("budget_payer_unknown", 3, "no state 'RUX'", "did you mean 'RUS'?"),
    ("budget_shares", 3, "the shares of the key sum to 0.9", "sum to 1"),
    ("budget_zero", 3, "budget.total_musd is 0: it must be more than 0", "whole horizon"),
    ("candidate_after_horizon", 3, "MNG can join from 2035 on, after the horizon ends in 2030", "null"),
    ("candidate_unknown_field", 3, "no field 'end' in membership.MNG", "chance, start"),
    ("candidate_without_start", 3, "membership.MNG lacks the field 'start'", "First year"),
    ("chair_unknown", 3, "no state 'RUX'", "did you mean 'RUS'?"),
    ("club_of_outsiders", 4, "'TUR' is not simulated here", "states"),
    ("colon_missing", 3, "could not find expected ':'", "colons"),
    ("comment_only", 0, "it is empty", "horizon"),
    ("direction_turned", 1, "the text holds U+202E", "write it without"),
    ("control_character", 2, "not valid YAML text", "control characters"),
    ("corridor_without_route", 4, "needs either `corridor` or `legs`", "one of the two"),
    ("directive", 2, "directives are not allowed", "%"),
    ("dispute_of_one", 4, "between has too few items", "item 2"),
    ("dispute_of_three", 4, "between must be a list of at most 2 items", "two states"),
    ("dispute_with_itself", 4, "'CHN' is named twice", "once"),
    ("dotted_policy", 4, "'os.path:join' is a path to Python code", "--allow-code"),
    ("dotted_unknown", 4, "'no_such_package.module:Policy' is a path to Python code", "--allow-code"),
    ("dunder_policy", 4, "no policy '__init__'", "sister_cities"),
    ("duplicate_field", 4, "the key 'start' is given twice", "line 4"),
    ("duplicate_key", 3, "the key 'title' is given twice", "line 1"),
    ("duplicate_policy", 5, "two policies are called 'sister_cities'", "`name:`"),
    ("end_before_start", 4, "end 2023 is before start 2025", "swap"),
    ("event_after_horizon", 6, "the year 2035 lies outside the horizon", "2021 to 2030"),
    ("event_as_policy", 4, "no policy 'pandemic'", "put it under `events`"),
    ("event_before_horizon", 4, "the year 2003 lies outside the horizon", "2021 to 2030"),
    ("extends_absolute", 2, "leaves the folder", "this folder"),
    ("extends_circle_a", 3, "the files extend each other", "circle"),
    ("extends_folder", 2, "there is no file '.'", "baseline.yaml"),
    ("extends_itself", 2, "the files extend each other", "circle"),
    ("extends_list", 2, "extends must be the name of a file", "baseline.yaml"),
    ("extends_missing", 2, "there is no file 'basline.yaml'", "did you mean 'baseline.yaml'?"),
    ("extends_parent_folder", 2, "leaves the folder", "this folder"),
    ("extends_windows", 2, "leaves the folder", "this folder"),
    ("field_of_consensus", 5, "no field 'majority' in consensus", "takes no fields"),
    ("horizon_as_number", 2, "horizon must be a mapping of fields, not 2020", "year"),
    ("horizon_backwards", 2, "ends in 2020, not after its start in 2030", "correct"),
    ("horizon_missing", 1, "lacks the field 'horizon'", "year"),
    ("horizon_too_early", 3, "horizon.start is 1991: it must be between 1992 and 2200", "initial state"),
    ("horizon_too_long", 2, "longer than 100 years", "correct"),
    ("horizon_without_end", 2, "horizon lacks the field 'end'", "Last simulated year"),
    ("infinity", 4, "-.inf is not a finite number", "ordinary number"),
    ("key_missing", 3, "a key is missing", "key: value"),
    ("latin_1", 2, "not UTF-8", "UTF-8"),
    ("leader_unknown", 4, "no state 'RUX'", "did you mean 'RUS'?"),
    ("leg_neither_border_nor_link", 5, "CHN-BLR is neither a land border nor a known link", "links.csv"),
    ("list_as_key", 3, "a key must be a plain word", "quote"),
    ("list_at_the_top", 1, "must be a mapping", "title"),
    ("mechanism_misspelt", 3, "no mechanism 'tradee'", "did you mean 'trade'?"),
    ("membership_as_list", 3, "membership must be a mapping of fields", "First year as a member"),
    ("membership_as_word", 4, "membership.IRN must be a whole number or a mapping of fields", "null for never"),
    ("merge_key", 4, "merge keys are not allowed", "extends"),
    ("misinformation_of_one", 4, "between must be 'all' or a list of at least 2 items", "two or more codes"),
    ("name_given", 3, "named after its file", "title"),
    ("nan", 4, ".nan is not a finite number", "ordinary number"),
    ("negative_rate", 5, "new_pairs_per_year is -1: it must be between 0 and 1000", "Twinnings a year"),
    ("null_byte", 0, "binary", "text"),
    ("number_in_quotes", 2, "horizon.start must be a whole number, not '2020'", "Year"),
    ("one_state", 3, "states must be a list of at least 2 items", "ISO 3166"),
    ("overflow", 4, "1e999 is not a finite number", "ordinary number"),
    ("parameter_empty", 4, "it changes nothing", "correct"),
    ("parameter_low_above_high", 4, "low 0.6 is above high 0.2", "correct"),
    ("parameter_value_and_range", 4, "`value` fixes the parameter", "correct"),
    ("participants_misspelt", 4, "must be 'members' or 'all' or a list, not 'member'", "Who takes part"),
    ("path_as_policy", 4, "no policy '../../etc/passwd'", "sister_cities"),
    ("policies_as_mapping", 3, "policies must be a list", "- key"),
    ("policy_after_horizon", 5, "the year 2031 lies outside the horizon", "2021 to 2030"),
    ("policy_as_word", 4, "here must be one policy", "sister_cities: {}"),
    ("policy_badly_indented", 4, "it has the keys 'sister_cities' and 'start'", "indent the fields"),
    ("policy_ended_before", 5, "the year 2015 lies outside the horizon", "2021 to 2030"),
    ("policy_fields_as_list", 4, "sister_cities must be a mapping of fields", "places"),
    ("policy_name_with_spaces", 4, "name must be text of the form", "Label"),
    ("priority_of_no_chair", 3, "'IND' is never in the chair", "CHN, RUS"),
    ("quote_open", 1, "unexpected end of stream", "quotes"),
    ("ramp_zero", 4, "ramp_years is 0: it must be between 1 and 50", "Years"),
    ("rival_misspelt", 3, "rivals.contact must be 'works', 'none' or 'backlash', not 'worked'", "contact"),
    ("severity_zero", 4, "severity is 0: it must be", "dispute"),
    ("share_above_one", 5, "intensity is 1.5: it must be between 0 and 1", "0 to 1"),
    ("state_as_number", 3, "states[2] must be text, not 12", "ISO 3166"),
    ("state_in_lower_case", 3, "no state 'kaz'", "did you mean 'KAZ'?"),
    ("state_norway_is_text", 3, "no state 'NO'", "known: "),
    ("state_not_simulated", 5, "'RUS' is not simulated here", "states"),
    ("state_twice", 3, "'CHN' is named twice", "once"),
    ("states_as_word", 3, "states must be a list, not 'all'", "ISO 3166"),
    ("tab_indent", 2, "not valid YAML", "indentation"),
    ("tag_python", 3, "tags are not allowed", "remove"),
    ("tag_text", 3, "tags are not allowed", "remove"),
    ("too_many_digits", 2, "too many digits", "ordinary number"),
    ("two_documents", 3, "a second document begins", "one document"),
    ("two_rules", 4, "it has the keys 'consensus' and 'opt_in'", "keep one"),
    ("unknown_corridor", 4, "no corridor", "did you mean 'china_kyrgyzstan_uzbekistan_railway'?"),
    ("unknown_event", 4, "no event 'pandemics'", "did you mean 'pandemic'?"),
    ("unknown_field_of_horizon", 4, "no field 'ends' in horizon", "did you mean 'end'?"),
    ("unknown_field_of_policy", 6, "no field 'new_pairs' in sister_cities", "'new_pairs_per_year'"),
    ("unknown_key", 3, "no field 'polices' in the scenario", "did you mean 'policies'?"),
    ("unknown_member", 4, "no state 'XYZ'", "known: "),
    ("unknown_parameter", 4, "no parameter 'trust.persistance'", "did you mean 'trust.persistence'?"),
    ("unknown_participant", 5, "no state 'RUX'", "did you mean 'RUS'?"),
    ("unknown_policy", 4, "no policy 'sister_citys'", "did you mean 'sister_cities'?"),
    ("unknown_rule", 4, "no rule 'concensus'", "did you mean 'consensus'?"),
    ("unknown_state", 3, "no state 'KAS'", "did you mean"),
    ("utf_16", 0, "UTF-16", "UTF-8"),
    ("weight_unknown", 4, "by must be 'gdp' or 'population', not 'trade'", "weight"),
    ("without_misspelt", 3, "no inherited policy 'people_to_peopel'", "did you mean 'people_to_people'?"),
    ("without_nothing_inherited", 3, "no inherited policy 'sister_cities'", "leave it out"),
    ("word_at_the_top", 1, "must be a mapping", "title"),
    ("wrong_type_number", 5, "new_pairs_per_year must be a number, not 'many'", "Twinnings"),
    ("wrong_type_text", 1, "title must be text, not 12", "One line"),
    ("year_with_fraction", 2, "horizon.start must be a whole number, not 2020.5", "Year"),
]
"""File, line of the problem (0: the whole file), a piece of the message, a piece of the remedy."""
HEAD = "horizon: {start: 2020, end: 2030}\n"


def refused(path: Path) -> ScenarioError:
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path)
    assert caught.value.exit_code == 2
    assert all(p.message and p.remedy and p.file for p in caught.value.problems), caught.value
    return caught.value


@pytest.mark.parametrize(("name", "line", "message", "remedy"), TABLE, ids=[row[0] for row in TABLE])
def test_bad_file(name: str, line: int, message: str, remedy: str) -> None:
    error = refused(FILES / f"{name}.yaml")
    found = [p for p in error.problems if message in p.message]
    assert len(found) == 1, error
    assert found[0].line == line
    assert remedy in found[0].remedy


def test_every_file_is_in_the_table() -> None:
    special = {"extends_circle_b", "extends_bad_parent", "many_at_once"}
    assert {path.stem for path in FILES.glob("*")} == {row[0] for row in TABLE} | special


def test_one_mistake_gives_one_problem() -> None:
    # a mistake that is told twice, or that drags others along, hides the one line to change
    several = {"bomb", "alias", "unknown_field_of_horizon"}
    assert {row[0] for row in TABLE if len(refused(FILES / f"{row[0]}.yaml").problems) > 1} == several


def test_all_problems_at_once_in_the_order_of_the_file() -> None:
    problems = refused(FILES / "many_at_once.yaml").problems
    assert [(p.line, p.message.split(":")[0].split(" must")[0]) for p in problems] == [
        (1, "no field 'titel' in the scenario"),
        (3, "no state 'XXX' in this case"),
        (5, "no policy 'sister_citys'"),
        (6, "intensity is 2"),
        (6, "unofficial_share"),
        (8, "the year 2050 lies outside the horizon"),
        (9, "rivals.contact"),
    ]
    assert all(p.column > 0 for p in problems)


def test_inherited_problem_names_the_inherited_file() -> None:
    (problem,) = refused(FILES / "extends_bad_parent.yaml").problems
    assert Path(problem.file).name == "share_above_one.yaml"
    assert problem.line == 5


BIG = {
    "ten_megabytes": ("# " + "x" * 10_000_000, "larger than 1 MiB"),
    "flow_nesting": ("a: " + "[" * 100_000, "deeper than 32"),
    "mapping_nesting": ("".join(" " * i + "a:\n" for i in range(500)), "deeper than 32"),
    "dash_nesting": ("- " * 100_000, "deeper than 32"),
    "question_nesting": ("? " * 100_000, "a key must be a plain word"),
    "many_values": ("a: [" + "1," * 300_000 + "]", "more than 20000 values"),
    "many_policies": (HEAD + "policies:\n" + "  - nothing: {}\n" * 5000, "more than 200 policies"),
    "long_key": (HEAD + "x" * 900_000 + ": 1", "not valid YAML"),
    "long_text": (HEAD + "question: " + "x" * 900_000, "at most 2,000 characters"),
    "empty": ("", "it is empty"),
    "blank": ("\n" * 100, "it is empty"),
    "long_integer": ("horizon: {start: " + "9" * 100_000 + ", end: 2030}", "too many digits"),
}


@pytest.mark.parametrize("name", BIG)
def test_big_or_empty(name: str, tmp_path: Path) -> None:
    text, message = BIG[name]
    path = tmp_path / "big.yaml"
    path.write_text(text, encoding="utf-8")
    error = refused(path)
    assert any(message in p.message for p in error.problems), error
    assert len(str(error)) < 50_000


def test_binary_garbage(tmp_path: Path) -> None:
    path = tmp_path / "garbage.yaml"
    path.write_bytes(bytes(range(1, 256)) * 40)
    refused(path)


def test_directory_missing_file_and_pipe(tmp_path: Path) -> None:
    assert "directory" in str(refused(tmp_path))
    assert "no such file" in str(refused(tmp_path / "missing.yaml"))
    assert "cannot be read" in str(refused(tmp_path / ("x" * 300)))
    refused(Path("a\0b.yaml"))
    os.mkfifo(tmp_path / "pipe.yaml")
    assert "ordinary file" in str(refused(tmp_path / "pipe.yaml"))
    (tmp_path / "loop.yaml").symlink_to(tmp_path / "loop.yaml")
    refused(tmp_path / "loop.yaml")


def test_link_out_of_the_folder(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "secret.yaml").write_text(HEAD)
    (inside / "link.yaml").symlink_to(tmp_path / "secret.yaml")
    (inside / "child.yaml").write_text("title: Child\nextends: link.yaml\n")
    error = refused(inside / "child.yaml")
    assert "leads out of the folder by a link" in str(error)


def test_too_long_a_chain(tmp_path: Path) -> None:
    (tmp_path / "s0.yaml").write_text(HEAD)
    for n in range(1, 10):
        (tmp_path / f"s{n}.yaml").write_text(f"extends: s{n - 1}.yaml\n")
    load_scenario(tmp_path / "s7.yaml")
    assert "more than 8 files" in str(refused(tmp_path / "s9.yaml"))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("extends: baseline.yaml\n".encode("utf-16"), "in UTF-16"),
        ("horizon:\n\u00a0\u00a0end: 2041\n".encode(), "U+00A0"),
        (b'extends: baseline.yaml\ntitle: "a\\x1b[31m"\n', "U+001B, which no screen can show"),
        (b'extends: baseline.yaml\ntitle: "\\ud800"\n', "U+D800, which no screen can show"),
    ],
)
def test_characters_of_another_kind_are_named(content: bytes, words: str, tmp_path: Path) -> None:
    file = tmp_path / "odd.yaml"
    file.write_bytes(content)
    with pytest.raises(ScenarioError) as error:
        load_scenario(file)
    assert words in error.value.problems[0].message
    assert len([problem for problem in error.value.problems if problem.line == error.value.problems[0].line]) == 1
