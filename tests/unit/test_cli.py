"""The command line: what it prints, what it returns, and what it says to those who get it wrong."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sco_sim.cli import main as cli
from sco_sim.store.stored_run import open_run
from tests.unit.command_line import call, fine, on_terminal, parsed

COMMANDS = (
    "run", "compare", "show", "validate", "diff", "list", "data", "council", "effects", "rules", "rivals", "packages",
    "plot", "rerun", "schema", "new scenario",
)  # fmt: skip


# --- what it prints --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_every_command_has_an_example(command: str) -> None:
    assert f"Example: sco-sim {command}" in fine(*command.split(), "--help", columns=120)


@pytest.mark.slow
def test_compare_prints_every_part_within_80_columns(compared: Path, tmp_path: Path) -> None:
    runs = [compared / "runs" / name for name in ("baseline", "sister_cities", "combined")]
    text = on_terminal(80, "compare", *runs, "--no-figures", "--out", tmp_path, "--all")
    parts = (
        "sister_cities against baseline", "8 worlds each = 8 settings x 1 replicate, seed 1", "5-95 %",
        "Winners and losers in 2040", "Per 1,000 million USD more spent by 2040", "In words, for 2040", "Agreements",
        "Enough worlds?", "evidence: ",
    )  # fmt: skip
    for part in parts:
        assert part in text
    assert max(len(line.rstrip()) for line in text.splitlines()) <= 80
    assert (compared / "comparison.csv").read_bytes() == (tmp_path / "comparison.csv").read_bytes()
    assert open_run(compared / "runs" / "combined").manifest["name"] == "combined"


@pytest.mark.slow
def test_compare_prints_the_figures_of_its_table(compared: Path, tmp_path: Path) -> None:
    """Stored runs are compared too, in the units of people: shares in per cent, their differences in points."""
    runs = [str(compared / "runs" / name) for name in ("baseline", "combined")]
    words = ("compare", *runs, "--out", tmp_path, "--no-figures", "--years", "2030")
    record = parsed(*words)
    assert {row["year"] for row in record["winners"] + record["agreements"] + record["cost"]} == {2030}
    with (compared / "comparison.csv").open() as file:
        rows = [r for r in csv.DictReader(file) if (r["scenario"], r["year"]) == ("combined", "2030")]
    assert len(rows) == len(record["outcomes"])
    for row, told in zip(rows, record["outcomes"], strict=True):
        assert told["outcome"] == row["outcome"]
        assert told["difference"] == pytest.approx(float(row["difference"]), rel=1e-9)
    share = next(row for row in rows if row["outcome"] == "trust_min")
    printed = fine(*words, "--outcome", "trust_min", "--all")
    line = next(line for line in printed.splitlines() if line.startswith("2030")).split()
    assert float(line[1]) == pytest.approx(100.0 * float(share["reference_mean"]), abs=0.06)
    assert float(line[3]) == pytest.approx(100.0 * float(share["difference"]), abs=0.06)


@pytest.mark.slow
def test_cost_is_printed_only_where_it_differs(compared: Path, tmp_path: Path) -> None:
    """Catches outcomes per nothing spent, and a difference that is not that of cost.csv."""
    runs = [str(compared / "runs" / name) for name in ("baseline", "combined")]
    words = ("compare", *runs, "--no-figures", "--out", tmp_path / "cost", "--outcome", "cities_total")
    row = [row for row in parsed(*words)["cost"] if row["outcome"] == "cities_total"][-1]
    line = next(line for line in fine(*words, "--all").splitlines() if line.startswith("Twinned places  "))
    assert float(line.split()[2].replace(",", "")) == pytest.approx(row["per_bn"], rel=0.05)
    with (tmp_path / "cost" / "cost.csv").open() as file:
        stored = [r for r in csv.DictReader(file) if (r["outcome"], r["year"]) == ("cities_total", "2040")]
    assert float(stored[0]["per_bn"]) == pytest.approx(row["per_bn"])
    free = fine("compare", "baseline", "no_events", "--worlds", "4", "--set", "horizon.end=2025", "--no-figures",
                "--out", tmp_path / "free", "--all")  # fmt: skip
    assert "million USD" not in free.replace("million USD of 2015", "")


def test_run_prints_means_over_worlds_and_agreements(tmp_path: Path) -> None:
    out = str(tmp_path / "run")
    text = fine("run", "combined", "--worlds", "8", "--out", out, "--set", "horizon.end=2030", "--outcome", "trust_min")
    frame = open_run(out).metrics([2030])
    row = next(line for line in text.splitlines() if line.startswith("Trust, worst tie, %"))
    assert float(row.split()[6]) == pytest.approx(100.0 * frame["trust_min"].mean(), abs=0.6)
    assert "people_to_people" in text
    record = parsed("run", "combined", "--worlds", "8", "--out", out, "--set", "horizon.end=2030")
    assert record["worlds"] == 8
    assert {row["year"] for row in record["outcomes"]} == {2023, 2025, 2030}
    assert "the same bits again" in fine("rerun", out, "--world", "3")
    assert parsed("rerun", out)["same"] is True


def test_show_prints_every_section_and_only_those_asked_for() -> None:
    words = ("show", "combined", "--set", "parameters.trust.persistence=0.5")
    text = on_terminal(80, *words)
    for part in ("States: 10, with 45 ties", "Belarus", "observer", "Agreements: 5", "decided by its participants",
                 "in this order", "Initial values", "CHN-RUS", "* trust.persistence"):  # fmt: skip
        assert part in text
    record = parsed(*words)
    phases = [row["phase"] for row in record["phases"]]
    assert [p for i, p in enumerate(phases) if p not in phases[:i]] == [
        "events", "council", "delivery", "policies", "exchange", "trust", "membership", "record",
    ]  # fmt: skip
    trade = next(row for row in record["ties"] if row["tie"] == "CHN-RUS")["trade"]
    # 240 bn USD by Chinese customs in 2023, a fifth less at prices of 2015
    assert 165.0 < trade["low_05"] < 180.0 < trade["median"] < 195.0 < trade["high_95"] < 210.0
    assert trade["observed"] == 2023
    assert [row["parameter"] for row in record["parameters"] if row["overridden"]] == ["trust.persistence"]
    short = fine("show", "baseline", "--only", "phases")
    assert "order" in short
    assert "Parameters" not in short


def test_diff_tells_fields_events_policies_and_parameters(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(
        "extends: sister_cities.yaml\nhorizon: {start: 2023, end: 2030}\n"
        "events: [downturn: {start: 2026}]\nparameters: {trust.persistence: 0.5}\n"
    )
    found = {row["field"]: (row["a"], row["b"]) for row in parsed("diff", "baseline", str(path))["differences"]}
    assert found["horizon.end"] == (2040, 2030)
    assert found["policies.sister_cities"][0] == "-"
    assert found["events.downturn"][0] == "-"
    assert found["parameters.trust.persistence"][1] == "0.5"
    assert not [field for field in found if field.startswith("states")]
    assert "the same" in fine("diff", "baseline", "baseline")
    assert "qualified_majority" in fine("diff", "combined", "majority_rule")


def test_council_says_who_would_accept_and_why() -> None:
    late = ("council", "combined", "--worlds", "8", "--set", "membership.TJK=2029")
    record = parsed(*late)
    corridor = next(r for r in record["agreements"] if r["agreement"] == "north_south_corridor")
    assert {wish["iso3"] for wish in corridor["states"]} == {"IND", "IRN", "KAZ", "RUS"}
    assert corridor["year"] == 2028
    cities = next(r for r in record["agreements"] if r["agreement"] == "sister_cities")
    assert len(cities["states"]) == 9  # Tajikistan is no member yet in 2027
    assert 0.0 <= cities["adopted_share"] <= 1.0
    later = parsed(*late, "--year", "2030")
    cities = next(r for r in later["agreements"] if r["agreement"] == "sister_cities")
    assert len(cities["states"]) == 10
    assert "Adopted in" in fine("council", "combined", "--worlds", "4")
    assert "Nothing is put to a decision" in fine("council", "no_events", "--worlds", "4")


@pytest.mark.parametrize("kind", list(cli.Kind))
def test_list(kind: cli.Kind) -> None:
    rows = parsed("list", kind.value)
    text = on_terminal(80, "list", kind.value)
    key = {"scenarios": "name", "views": "name", "parameters": "parameter"}.get(kind.value, "key")
    assert rows
    squeezed = "".join(text.split())
    assert all(row[key][:12] in squeezed for row in rows)


def test_data_shows_coverage_provenance_and_rows() -> None:
    coverage = {row["table"]: row for row in parsed("data")}
    assert coverage["ties"]["rows"] == 351
    assert coverage["state_years"]["last_year"] >= 2020
    assert 0.0 < coverage["tie_years"]["cells_present"] < 1.0
    dated = {"agenda", "documents", "exercises", "statuses", "summits"}  # by their day, not by a column year
    assert {name for name in dated if coverage[name]["last_year"] >= 2021} == dated
    assert coverage["trade_reconciled"]["rows_by_year"]["2023"] == coverage["trade_reconciled"]["rows"]
    text = on_terminal(80, "data", "links")
    assert "licence: facts" in text
    assert "china_kyrgyzstan_uzbekistan_railway"[:12] in text
    assert len(parsed("data", "ties", "--rows", "3")["rows"]) == 3


@pytest.mark.slow
def test_plot_draws_a_stored_run_again(compared: Path, tmp_path: Path) -> None:
    written = parsed("plot", compared / "runs" / "baseline", "--out", str(tmp_path))["figures"]
    assert {Path(path).suffix for path in written} == {".png", ".svg"}
    assert all(Path(path).stat().st_size > 0 for path in written)


def test_schema_is_json() -> None:
    assert "decision_rule" in json.loads(fine("schema"))["properties"]


@pytest.mark.parametrize("extends", ["baseline", "combined", "history"])
def test_a_new_scenario_validates(extends: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    fine("new", "scenario", "my_own", "--extends", extends)
    assert "fine" in fine("validate", "my_own.yaml")
    text = Path("my_own.yaml").read_text()
    assert call("new", "scenario", "my_own").exit_code == 4
    assert Path("my_own.yaml").read_text() == text


# --- what it says to those who get it wrong --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("", "Usage"),
        ("compar baseline", "No such command"),
        ("run baseline --wurlds 3", "No such option"),
        ("run baseline --worlds 0", "--worlds"),
        ("run baseline --worlds many", "--worlds"),
        ("run baseline --worlds 99999999999999999999", "--worlds"),
        ("run " + "x" * 5000, "cannot be read"),
        ("run baselin", "did you mean 'baseline'?"),
        ("run", "Missing argument"),
        ("run nowhere/none.yaml", "there is no such file"),
        ("run baseline --set horizon.ed=2030", "did you mean 'end'?"),
        ("run baseline --set horizon", "path=value"),
        ("run baseline --outcome trade_totl", "did you mean 'trade_total_busd'?"),
        ("run baseline --case nowhere", "no such case folder"),
        ("compare baseline", "at least two scenarios"),
        ("compare baseline combined --years soon", "is no list of years"),
        ("compare baseline history --worlds 4", "no years in common"),
        ("compare baseline combined --set seed=1", "no field 'seed'"),
        ("show baseline --only phase", "not one of"),
        ("council combined --year 2050", "choose from 2024 to 2040"),
        ("data tie", "did you mean"),
        ("data --case nowhere", "holds no tables"),
        ("list policy", "not one of"),
        ("diff baseline baselin", "did you mean 'baseline'?"),
        ("validate nowhere.yaml baseline", "there is no such file"),
        ("new scenario x --extends baselin", "did you mean 'baseline'?"),
        ("new scenario a.b:c", "cannot be the name"),
    ],
)
def test_users_errors_exit_2_in_plain_words(
    words: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = call(*words.split(), columns=160)
    assert result.exit_code == 2, result.output
    assert told in result.output
    assert "Traceback" not in result.output
    assert not list(tmp_path.iterdir())


def test_problems_have_file_line_and_column(tmp_path: Path) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text("extends: baseline.yaml\npolicies:\n  - sister_citys: {}\n  - people_to_people: {start: NaN}\n")
    result = call("validate", str(path))
    assert result.exit_code == 2
    assert f"{path}:3:5: no policy 'sister_citys'" in result.stderr
    assert "did you mean 'sister_cities'?" in result.stderr
    assert f"{path}:4:" in result.stderr
    record = json.loads(call("validate", str(path), "baseline", "--json").stdout)
    assert [one["fine"] for one in record] == [False, True]
    assert record[0]["problems"][0]["line"] == 3


@pytest.mark.parametrize(
    "words", ["rerun {}", "plot {}", "run baseline --out {}", "compare baseline combined --out {}"]
)
def test_storage_errors_exit_4_and_touch_nothing(words: str, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    result = call(*words.format(tmp_path).split(), columns=160)
    assert result.exit_code == 4, result.output
    assert "error: " in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("words", ["rerun {}", "compare {} {}/runs/combined"])
def test_the_folder_of_a_comparison_is_no_run(words: str, compared: Path) -> None:
    result = call(*words.replace("{}", str(compared)).split())
    assert result.exit_code == 4
    assert f"its runs are {compared}/runs/baseline" in result.stderr


def _broken_build(error: Callable[[], BaseException], world: int) -> Any:
    from sco_sim.engine import build

    real = build.build_model

    def broken(*args: Any, **kwargs: Any) -> Any:
        if world in kwargs["worlds"] and len(kwargs["worlds"]) < 10:  # not the many that only the priors are drawn for
            raise error()
        return real(*args, **kwargs)

    return broken


def test_failed_worlds_exit_3_and_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sco_sim.engine.build.build_model", _broken_build(lambda: ValueError("out of luck"), 1))
    result = call("run", "baseline", "--worlds", "4", "--out", str(tmp_path / "a"))
    assert result.exit_code == 3
    assert "1 of 4 worlds of baseline failed, the first is world 1: ValueError: out of luck" in result.stderr
    assert "Trade inside the group" in result.stdout
    result = call("run", "baseline", "--worlds", "4", "--out", str(tmp_path / "a"), "--json")
    assert json.loads(result.stdout)["failed"] == [1]
    result = call("run", "baseline", "--worlds", "1", "--out", str(tmp_path / "b"), "--replicates", "1")
    assert result.exit_code == 0
    monkeypatch.setattr("sco_sim.engine.build.build_model", _broken_build(lambda: ValueError("out of luck"), 0))
    for words in ("run baseline", "compare baseline no_events --no-figures"):
        result = call(*words.split(), "--worlds", "1", "--out", str(tmp_path / words[:3]))
        assert result.exit_code == 3, result.output
        assert "1 of 1 world of baseline failed, the first is world 0: ValueError: out of luck" in result.stderr
        assert result.stdout == ""


def test_ctrl_c_says_what_is_kept_and_the_same_command_resumes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ("run", "baseline", "--worlds", "4", "--batch", "2", "--out", str(tmp_path / "run"))
    with monkeypatch.context() as patch:
        patch.setattr("sco_sim.engine.build.build_model", _broken_build(KeyboardInterrupt, 2))
        result = call(*words)
    assert result.exit_code == 130
    assert f"Interrupted: 2 of 4 worlds are kept in {tmp_path / 'run'}" in result.stderr
    assert "same command again" in result.stderr
    fine(*words)
    assert len(open_run(tmp_path / "run").worlds()) == 4


def test_an_unforeseen_error_is_one_line_and_asks_for_a_report(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def breaks() -> int:
        raise ZeroDivisionError("by design")

    monkeypatch.setattr("sco_sim.commands.schema.main", breaks)
    monkeypatch.setattr(sys, "argv", ["sco-sim", "schema"])
    monkeypatch.delenv(cli.TRACEBACK, raising=False)
    with pytest.raises(SystemExit) as stop:
        cli.main()
    told = capsys.readouterr().err
    assert stop.value.code == 1
    assert "ZeroDivisionError: by design" in told
    assert f"{cli.TRACEBACK}=1" in told
    assert "Traceback (" not in told
    monkeypatch.setenv(cli.TRACEBACK, "1")
    with pytest.raises(ZeroDivisionError):
        cli.main()


def test_a_group_of_options_reaches_the_work_of_every_command_that_shares_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches an option that is printed by --help and lost on its way."""
    from sco_sim.commands import compare, rivals, rules, run

    taken: dict[str, dict[str, Any]] = {}
    for module in (compare, rivals, rules, run):
        name = module.__name__.rpartition(".")[2]
        monkeypatch.setattr(module, "main", lambda *_, name=name, **how: taken.update({name: how}) or 0)
    both = ("--worlds", "7", "--replicates", "2", "--seed", "3", "--set", "horizon.end=2030", "--case", "there",
            "--outcome", "trust_min", "--all", "--fixed-parameters", "--json")  # fmt: skip
    more = ("--workers", "2", "--cluster", "local", "--out", "here", "--batch", "5", "--force")
    fine("rules", "a", *both, "--out", "here")
    fine("rivals", "a", "b", *both)
    fine("run", "a", *both, *more)
    fine("compare", "a", "b", *both, *more, "--years", "2025", "--unpaired", "--no-figures", "--report")
    shared = {"worlds": 7, "replicates": 2, "seed": 3, "sets": ["horizon.end=2030"], "case": Path("there"),
              "outcomes": ["trust_min"], "everything": True, "fixed_parameters": True, "as_json": True}  # fmt: skip
    stored = {"workers": 2, "cluster": "local", "out": Path("here"), "batch": 5, "force": True}
    assert taken["rivals"] == shared
    assert taken["rules"] == shared | {"out": Path("here")}
    assert taken["run"] == shared | stored
    assert taken["compare"] == shared | stored | {
        "years": "2025", "unpaired": True, "figures": False, "report": True,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("comp", {"compare"}), ("compare baseline triang", {"triangle"}), ("trace triang", {"triangle"}),
        ("show baseline --view doc", {"documents"}), ("compare a b --outcome trade_total", {"trade_total_busd"}),
        ("plot results/first --figure outcomes_d", {"outcomes_difference"}),
    ],
)  # fmt: skip
def test_the_shell_completes_commands_scenarios_views_and_outcomes(
    words: str, expected: set[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Catches a completion that knows the commands and not what they are given."""
    monkeypatch.setenv("_SCO_SIM_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", f"sco-sim {words}")
    monkeypatch.setenv("COMP_CWORD", str(len(words.split())))
    with pytest.raises(SystemExit):
        cli.app(prog_name="sco-sim")
    assert set(capsys.readouterr().out.split()) == expected
