"""A stored run is bound to its files: no flipped bit, lost file or file of another run is read as if nothing were.

The fast tier flips a few bits of each file, the full tier (SCO_SIM_FULL=1) some hundred.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import socket
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from sco_sim.cli import main as cli
from sco_sim.engine import build
from sco_sim.engine.record import Failure
from sco_sim.errors import MendedWarning, StoreError
from sco_sim.runs.run import run
from sco_sim.store.stored_run import open_run
from sco_sim.store.verify import verify
from sco_sim.store.writer import Writer
from sco_sim.studies.sweep.experiment import Experiment
from sco_sim.studies.sweep.stored_sweep import StoredSweep, open_stored, open_sweep
from sco_sim.studies.sweep.sweep import run_sweep
from tests.unit.fake_block import fake_build, make_block, put, small
from tests.unit.test_store import MANIFEST, contents, manifest_of, store

FLIPS = 300 if os.environ.get("SCO_SIM_FULL") else 18

EXPERIMENT = Experiment.model_validate(
    {
        "name": "small",
        "scenarios": ["baseline"],
        "sweep": {
            "factors": {
                "persistence": {"path": "parameters.trust.persistence", "low": 0.35, "high": 0.6},
                "contact": {"path": "rivals.contact", "kind": "categorical", "values": ["works", "none"]},
            },
            "design": {"latin_hypercube": {"n": 3}}, "worlds": 2, "outcomes": ["trust_min"], "years": [2024],
        },
    }
)  # fmt: skip


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A run with a failed world and a sweep."""
    base = tmp_path_factory.mktemp("bound")
    with Writer(base / "run", MANIFEST) as writer:
        writer.want(range(8))
        put(writer, make_block([0, 1, 2]), [Failure(3, "ZeroDivisionError: oh", "Traceback ...")])
        put(writer, make_block([4, 5]))
    run_sweep(EXPERIMENT, out=base / "sweep")
    return {name: base / name for name in ("run", "sweep")}


def everything(folder: Path) -> dict[str, Any]:
    """All that readers give of a folder, as text that shows every bit."""
    stored = open_stored(folder)
    found = {"manifest": dict(stored.manifest), "digest": stored.digest()}
    names = ["worlds", "settings", "outcomes", *stored.kinds]
    if isinstance(stored, StoredSweep):
        names += ["points", "frame"]
    for name in names:
        found[name] = getattr(stored, name)().to_csv(float_format="%.17g")
    return found | {"wanted": stored.index().wanted}


def accepted(folder: Path, before: dict[str, Any]) -> str:
    """What a reader accepts that is not what was stored; empty if it refuses in words, or if nothing has changed."""
    try:
        after = everything(folder)
    except StoreError as error:
        return "" if str(folder) in str(error) else f"the message {error} names no file"
    return ", ".join(key for key in before if before[key] != after[key])


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["run", "sweep"])
def test_no_flipped_bit_is_read_as_if_nothing_were(folders: dict[str, Path], tmp_path: Path, kind: str) -> None:
    before = everything(folders[kind])
    luck = random.Random(kind)
    silent = []
    for name in sorted(contents(folders[kind])):
        content = (folders[kind] / name).read_bytes()
        for _ in range(FLIPS if "sqlite" in name else FLIPS // 3):
            bit = luck.randrange(8 * len(content))
            folder = tmp_path / "copy"
            shutil.copytree(folders[kind], folder)
            flipped = bytearray(content)
            flipped[bit // 8] ^= 1 << bit % 8
            (folder / name).write_bytes(flipped)
            changed = accepted(folder, before)
            if changed:
                silent.append(f"bit {bit} of {name}: {changed}")
            shutil.rmtree(folder)
    assert not silent


@pytest.fixture
def _no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "build_model", fake_build)


def _sql(question: str) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        with closing(sqlite3.connect(folder / "worlds.sqlite")) as database:
            database.execute(question)
            database.commit()

    return damage


def _folder(folder: Path) -> None:
    path = folder / "parts" / "metrics-0.parquet"
    path.unlink()
    path.mkdir()
    (path / "mine.txt").write_text("mine")


def _other(folder: Path) -> None:
    other = run(small(), worlds=6, batch=3, seed=2, out=folder.parent / "other")
    shutil.copy(other.path / "parts" / "metrics-0.parquet", folder / "parts")


DAMAGES = {
    "a deleted part": lambda folder: (folder / "parts" / "ties-3.parquet").unlink(),
    "a folder for a part": _folder,
    "a part of another run": _other,
    "another outcome": _sql("UPDATE outcomes SET disputes = disputes + 1e-9 WHERE world = 4 AND year = 2025"),
    "another draw": _sql('UPDATE settings SET "trade.growth" = 7 WHERE setting = 0'),
    "a lost world": _sql("DELETE FROM worlds WHERE world = 5"),
    "a lost batch": _sql("DELETE FROM worlds WHERE first_world = 3"),
    "lost hashes": _sql("DELETE FROM batches WHERE first_world = 0"),
    "another column": _sql("ALTER TABLE outcomes RENAME COLUMN disputes TO quarrels"),
    "a world elsewhere": _sql("UPDATE outcomes SET world = 99 WHERE world = 4"),
    "another total": _sql("UPDATE seal SET total = '12'"),
    "text for a number": _sql("UPDATE worlds SET setting = 'x' WHERE world = 1"),
}


@pytest.mark.usefixtures("_no_model")
@pytest.mark.parametrize("name", DAMAGES)
def test_damage_is_named_and_the_same_command_mends_it(tmp_path: Path, name: str) -> None:
    whole = run(small(), worlds=6, batch=3, out=tmp_path / "run")
    digest = whole.digest()
    DAMAGES[name](whole.path)
    assert verify(whole.path).damages
    with pytest.raises(StoreError, match="sco-sim verify") as caught:
        open_run(whole.path).digest()
    assert caught.value.exit_code == 4
    with pytest.warns(MendedWarning, match="simulated again since it was damaged"):
        mended = run(small(), worlds=6, batch=3, out=whole.path)
    assert mended.digest() == digest
    assert not verify(whole.path).damages
    assert run(small(), worlds=6, batch=3, out=whole.path).digest() == digest


def test_a_scrambled_table_of_points_is_noticed_and_mended(folders: dict[str, Path], tmp_path: Path) -> None:
    shutil.copytree(folders["sweep"], tmp_path / "sweep")
    _sql("UPDATE points SET f0 = 1.0 - f0")(tmp_path / "sweep")
    with pytest.raises(StoreError, match="the table of points is not that which was stored"):
        open_sweep(tmp_path / "sweep").points()
    result = CliRunner().invoke(cli.app, ["verify", str(tmp_path / "sweep")])
    assert result.exit_code == 4
    assert "table of points" in result.stderr
    mended = run_sweep(EXPERIMENT, out=tmp_path / "sweep")
    assert mended.points().equals(open_sweep(folders["sweep"]).points())


def test_verify_of_a_whole_run_and_of_a_comparison(folders: dict[str, Path], tmp_path: Path) -> None:
    for folder in folders.values():
        result = CliRunner().invoke(cli.app, ["verify", str(folder)])
        assert result.exit_code == 0, result.stderr
        assert "every bit as it was stored" in result.stdout
    shutil.copytree(folders["run"], tmp_path / "both" / "runs" / "one")
    assert CliRunner().invoke(cli.app, ["verify", str(tmp_path / "both")]).exit_code == 0
    (tmp_path / "both" / "runs" / "one" / "parts" / "ties-4.parquet").unlink()
    result = CliRunner().invoke(cli.app, ["verify", str(tmp_path / "both"), "--json"])
    assert result.exit_code == 4
    assert "the file is gone" in result.stdout


def test_a_run_of_an_older_format_says_how_to_simulate_it_again(folders: dict[str, Path], tmp_path: Path) -> None:
    shutil.copytree(folders["run"], tmp_path / "old")
    path = tmp_path / "old" / "manifest.json"
    old = {key: value for key, value in json.loads(path.read_bytes()).items() if key != "seal"}
    path.write_text(json.dumps(old | {"format": 2}))
    with pytest.raises(StoreError, match=r"simulate it again: sco-sim run small --worlds N --seed 1 --replicates 4"):
        open_run(tmp_path / "old")


def test_force_waits_for_who_is_writing(tmp_path: Path) -> None:
    with Writer(tmp_path, MANIFEST) as writer:
        put(writer, make_block([0, 1]))
        with pytest.raises(
            StoreError, match=f"process {os.getpid()} on .* has been writing to this run since"
        ) as caught:
            Writer(tmp_path, manifest_of(seed=2), force=True)
        assert caught.value.exit_code == 4
        put(writer, make_block([2]))
    assert open_run(tmp_path).worlds()["world"].tolist() == [0, 1, 2]
    assert not list(tmp_path.glob("lock-*"))
    dead = {"pid": 4194303, "host": socket.gethostname(), "since": "then", "started": ""}
    (tmp_path / "lock-here-4194303-0.json").write_text(json.dumps(dead))
    assert store(tmp_path, [7], force=True).size == 1


def _replaced(folder: Path) -> None:
    """Write to a folder that somebody replaces meanwhile."""
    with Writer(folder, MANIFEST) as writer:
        put(writer, make_block([0, 1]))
        for lock in folder.glob("lock-*"):
            lock.unlink()  # as if it were on another computer, long ago
        store(folder, [5], manifest=manifest_of(seed=2), force=True)
        put(writer, make_block([2, 3]))


def _removed_late(folder: Path) -> None:
    """Remove the folder after the last commit."""
    with Writer(folder, MANIFEST) as writer:
        put(writer, make_block([0]))
        shutil.rmtree(folder)


def test_a_folder_replaced_under_a_writer_stops_it(tmp_path: Path) -> None:
    for work in (_replaced, _removed_late):
        with pytest.raises(StoreError, match="deleted or replaced while it was being written") as caught:
            work(tmp_path / work.__name__)
        assert caught.value.exit_code == 4
    kept = open_run(tmp_path / "_replaced")
    assert kept.worlds()["world"].tolist() == [5]
    assert sorted(path.name for path in (kept.path / "parts").glob("metrics*")) == ["metrics-5.parquet"]


def test_a_database_of_another_run_is_noticed(folders: dict[str, Path], tmp_path: Path) -> None:
    other = store(tmp_path / "other", [0, 1, 2], [4, 5], manifest=manifest_of(seed=2))
    shutil.copy(folders["run"] / "worlds.sqlite", other.path)
    with pytest.raises(StoreError):
        open_run(other.path).worlds()


@pytest.mark.parametrize("name", ["manifest.json", "worlds.sqlite"])
def test_verify_gives_the_remedy_that_helps(folders: dict[str, Path], tmp_path: Path, name: str) -> None:
    """Catches `give the command again`, which is refused where the manifest or the database cannot be read."""
    folder = tmp_path / "run"
    shutil.copytree(folders["run"], folder)
    (folder / name).write_text("hello", encoding="utf-8")
    result = CliRunner().invoke(cli.app, ["verify", str(folder)])
    assert result.exit_code == 4
    assert "restore it from a copy" in result.output
    assert "give the command that stored it" not in result.output
