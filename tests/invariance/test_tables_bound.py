"""Tables that commands write are bound by hashes: `verify` notices a change, and `plot` refuses it."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from sco_sim.errors import StoreError
from sco_sim.store import checksums
from sco_sim.store.checksums import NAME, damaged_tables, unchecked, write_tables
from tests.unit.command_line import call, fine

FRAME = pd.DataFrame({"a": [1.5, 2.5]})


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-2] ^= 1
    path.write_bytes(content)


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A comparison with figures' folder, and a sweep with its analyses."""
    folder = tmp_path_factory.mktemp("results")
    (folder / "two.yaml").write_text(
        "scenarios: [baseline]\nsweep:\n  factors:\n"
        "    contact: {path: parameters.trust.contact_effect, low: -0.05, high: 0.1}\n"
        "  design: {latin_hypercube: {n: 12}}\n  worlds: 1\n  outcomes: [trust_min]\n"
    )
    fine("sweep", folder / "two.yaml", "--out", folder / "sweep")
    fine("sensitivity", folder / "sweep")
    fine("compare", "baseline", "sister_cities", "--worlds", "2", "--no-figures", "--out", folder / "comparison")
    (folder / "comparison" / "figures").mkdir()
    (folder / "comparison" / "figures" / "outcomes.png").touch()
    return folder


TABLES = [
    ("comparison", table) for table in ("comparison.csv", "winners.csv", "agreements.csv", "cost.csv")
] + [("sweep", f"sensitivity/{table}") for table in ("sensitivity.csv", "chance.csv")]  # fmt: skip


@pytest.mark.slow
def test_verify_checks_the_tables_and_names_what_it_cannot_check(results: Path) -> None:
    words = fine("verify", results / "comparison")
    assert f"{results / 'comparison'}: 7 files, every bit as it was written" in words
    assert f"not checked, since nothing is stored about them: 1 file in {results / 'comparison' / 'figures'}" in words
    assert "2 files, every bit" in fine("verify", results / "sweep")
    assert "2 files, every bit" in fine("verify", results / "sweep" / "sensitivity")
    record = json.loads(fine("verify", results / "comparison", "--json"))
    assert {"path": str(results / "comparison" / "figures"), "not_checked": 1} in record


@pytest.mark.slow
@pytest.mark.parametrize("name", ["extra.parquet", "metrics-7.parquet"])
def test_verify_names_files_that_no_batch_names(results: Path, tmp_path: Path, name: str) -> None:
    """Catches a file with the name of a batch that there is not, of which nothing was said."""
    shutil.copytree(results / "comparison", tmp_path / "comparison")
    run = min((tmp_path / "comparison" / "runs").iterdir())
    (run / "parts" / name).touch()
    words = fine("verify", tmp_path / "comparison")
    assert f"not read, since no batch names them: 1 file in {run / 'parts'}, the first is {name}" in words


@pytest.mark.slow
@pytest.mark.parametrize("change", [_flip, Path.unlink])
@pytest.mark.parametrize(("folder", "table"), TABLES)
def test_a_changed_table_is_noticed(
    results: Path, tmp_path: Path, folder: str, table: str, change: Callable[[Path], None]
) -> None:
    """Catches a table that `verify` passes over: comparison.csv was bound to nothing."""
    shutil.copytree(results / folder, tmp_path / folder)
    change(tmp_path / folder / table)
    result = call("verify", tmp_path / folder)
    assert result.exit_code == 4
    assert str(tmp_path / folder / table) in result.stderr
    if folder == "comparison" and table != "cost.csv":
        assert call("plot", tmp_path / folder).exit_code == 4


@pytest.mark.slow
def test_the_same_command_again_mends_a_table(results: Path, tmp_path: Path) -> None:
    shutil.copytree(results / "sweep", tmp_path / "sweep")
    _flip(tmp_path / "sweep" / "sensitivity" / "chance.csv")
    fine("sensitivity", tmp_path / "sweep")
    fine("verify", tmp_path / "sweep")


def test_no_false_alarm_after_a_kill_between_table_and_hash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_tables(tmp_path, {"a.csv": FRAME, "b.csv": FRAME})

    def killed(content: bytes) -> str:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(checksums, "file_hash", killed)
        with pytest.raises(KeyboardInterrupt):
            write_tables(tmp_path, {"a.csv": FRAME * 2})
    assert damaged_tables(tmp_path) == (1, [])
    assert unchecked(tmp_path) == {tmp_path: 1}


def test_the_file_is_that_of_sha256sum(tmp_path: Path) -> None:
    write_tables(tmp_path, {"a.csv": FRAME, "b.csv": FRAME})
    program = shutil.which("sha256sum")
    if program is None:
        pytest.skip("no sha256sum here")
    done = subprocess.run([program, "--check", "--strict", NAME], cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "a.csv: OK\nb.csv: OK\n")


def test_a_damaged_list_of_hashes_is_noticed(tmp_path: Path) -> None:
    write_tables(tmp_path, {"a.csv": FRAME})
    (tmp_path / NAME).write_text((tmp_path / NAME).read_text() + "nothing\n")
    _, damages = damaged_tables(tmp_path)
    assert [str(one) for one in damages] == [f"{tmp_path / NAME}: line 2 is no hash with a file name"]
    with pytest.raises(StoreError, match="line 2"):
        checksums.check_tables(tmp_path, ["a.csv"], "write it again")


def test_a_table_without_a_hash_is_noticed(tmp_path: Path) -> None:
    """Catches a reader that takes any table once the list of hashes is gone."""
    write_tables(tmp_path, {"a.csv": FRAME})
    (tmp_path / NAME).unlink()
    with pytest.raises(StoreError, match="has no hash"):
        checksums.check_tables(tmp_path, ["a.csv"], "write it again")
    checksums.check_tables(tmp_path, ["a.csv"], "write it again", bound=False)


@pytest.fixture(scope="module")
def other_seed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same comparison on other worlds."""
    folder = tmp_path_factory.mktemp("other") / "comparison"
    fine("compare", "baseline", "sister_cities", "--worlds", "2", "--seed", "2", "--no-figures", "--out", folder)
    return folder


@pytest.mark.slow
def test_runs_of_other_worlds_are_not_read_beside_the_tables(results: Path, other_seed: Path, tmp_path: Path) -> None:
    """Catches a whole run, each bit as it was stored, that has been put in the place of the one compared."""
    folder = tmp_path / "comparison"
    shutil.copytree(results / "comparison", folder)
    shutil.rmtree(folder / "runs")
    shutil.copytree(other_seed / "runs", folder / "runs")
    words = "not the run, or not all the worlds, from which the tables of the comparison were made"
    for command in (("verify", folder), ("plot", folder), ("report", folder)):
        result = call(*command)
        assert result.exit_code == 4, command
        assert words in result.stderr
    remade = ("compare", "baseline", "sister_cities", "--worlds", "2", "--seed", "2", "--no-figures", "--out", folder)
    fine(*remade)
    fine("verify", folder)


@pytest.mark.slow
def test_runs_that_changed_places_and_a_changed_record_are_told(results: Path, tmp_path: Path) -> None:
    folder = tmp_path / "comparison"
    shutil.copytree(results / "comparison", folder)
    (folder / "runs" / "baseline").rename(folder / "runs" / "third")
    (folder / "runs" / "sister_cities").rename(folder / "runs" / "baseline")
    (folder / "runs" / "third").rename(folder / "runs" / "sister_cities")
    assert call("verify", folder).exit_code == call("report", folder).exit_code == 4
    shutil.rmtree(folder)
    shutil.copytree(results / "comparison", folder)
    _flip(folder / "study.json")
    result = call("report", folder)
    assert result.exit_code == 4
    assert "study.json" in result.stderr


@pytest.mark.slow
def test_tables_of_a_comparison_that_lost_their_hashes_are_no_fine_ones(results: Path, tmp_path: Path) -> None:
    shutil.copytree(results / "comparison", tmp_path / "comparison")
    (tmp_path / "comparison" / NAME).unlink()
    result = call("verify", tmp_path / "comparison")
    assert result.exit_code == 4
    assert f"comparison.csv: it has no hash in {NAME}" in result.stderr
