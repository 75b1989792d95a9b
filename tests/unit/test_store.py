"""The store: what is committed is all there, what is not does not count, and nothing foreign is touched."""

from __future__ import annotations

import errno
import json
import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sco_sim.engine.record import Failure
from sco_sim.errors import StoreError
from sco_sim.store import disk
from sco_sim.store.encode import pack
from sco_sim.store.manifest import Manifest, content_hash, make_manifest
from sco_sim.store.stored_run import StoredRun, open_run
from sco_sim.store.writer import Writer
from tests.unit.fake_block import STATES, YEARS, make_block, put, small


def manifest_of(**changes: Any) -> Manifest:
    arguments: dict[str, Any] = {"seed": 1, "replicates": 4, "fixed_parameters": False, "case": None}
    scenario = changes.pop("scenario", small())
    return make_manifest(scenario, **(arguments | changes))


MANIFEST = manifest_of()


def store(folder: Path, *batches: list[int], manifest: Manifest = MANIFEST, force: bool = False) -> StoredRun:
    with Writer(folder, manifest, force=force) as writer:
        for worlds in batches:
            put(writer, make_block(worlds))
    return open_run(folder)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_frames_hold_every_number_in_its_place(tmp_path: Path) -> None:
    run = store(tmp_path / "run", [5, 2], [0, 1, 3, 4])
    block = make_block(range(6))
    metrics, ties, states = run.metrics(), run.ties(), run.states()
    assert list(metrics.columns) == ["world", "year", "disputes", "trust_min"]
    assert list(ties.columns) == ["world", "year", "tie", "iso3_a", "iso3_b", "trade", "trust"]
    assert list(states.columns) == ["world", "year", "iso3", "community", "gain"]
    np.testing.assert_array_equal(metrics["world"], np.repeat(range(6), len(YEARS)))
    np.testing.assert_array_equal(metrics["trust_min"], block.metrics["trust_min"].ravel())
    np.testing.assert_array_equal(ties["trade"], block.ties["trade"].ravel())
    np.testing.assert_array_equal(states["gain"], block.states["gain"].ravel())
    cell = ties.query("world == 4 and year == 2023 and tie == 'CHN-RUS'")
    assert cell[["iso3_a", "iso3_b"]].to_numpy().tolist() == [["CHN", "RUS"]]
    assert cell["trade"].item() == block.ties["trade"][4, 3, 1]
    pd.testing.assert_frame_equal(run.ties(years=[2023]), ties.query("year == 2023").reset_index(drop=True))
    values = run.values([2023, 2021], ["trust_min"])
    assert set(values) == {("trust_min", 2023), ("trust_min", 2021)}
    for (name, year), found in values.items():  # in the order of the parts
        np.testing.assert_array_equal(np.sort(found), np.sort(block.metrics[name][:, YEARS.index(year)]))
    settings = run.settings()
    assert settings["setting"].tolist() == [0, 1]
    np.testing.assert_array_equal(settings["trust.persistence"], np.sqrt([1.0, 2.0]))
    assert run.agreements().empty
    assert run.scenario == small()


def test_agreements_name_the_hold_out(tmp_path: Path) -> None:
    manifest = MANIFEST | {"agreements": ["railway", "twins"]}
    values = {key: np.array([[1.0, 2.0]]) for key in ("tabled_years", "ambition", "delivered")}
    values |= {"adopted_year": np.array([[2023.0, np.nan]]), "hold_out": np.array([[-1.0, 2.0]])}
    with Writer(tmp_path, manifest) as writer:
        put(writer, replace(make_block([0]), agreements=values, agreement_names=("railway", "twins")))
    frame = open_run(tmp_path).agreements()
    pd.testing.assert_frame_equal(open_run(tmp_path).agreements(()), frame)
    assert frame["agreement"].tolist() == ["railway", "twins"]
    assert frame["hold_out"].isna().tolist() == [True, False]
    assert frame["hold_out"][1] == STATES[2]
    assert frame["adopted_year"].isna().tolist() == [False, True]


def test_outcomes_are_kept_every_fifth_year_and_the_last(tmp_path: Path) -> None:
    outcomes = store(tmp_path / "run", [0, 1]).outcomes()
    assert sorted(outcomes["year"].unique()) == [2020, 2025, 2027]
    value = outcomes.query("world == 1 and outcome == 'disputes' and year == 2025")["value"].item()
    assert value == make_block([1]).metrics["disputes"][0, 5]


def test_digest_ignores_batches_and_order_but_no_bit(tmp_path: Path) -> None:
    one = store(tmp_path / "one", [0, 1, 2, 3, 4])
    other = store(tmp_path / "other", [4, 1], [3], [2, 0])
    assert one.digest() == other.digest()
    assert one.digest([1, 3]) == other.digest([3, 1]) != one.digest()
    block = make_block(range(5))
    trade = block.ties["trade"].copy()
    trade[3, 7, 2] = np.nextafter(trade[3, 7, 2], np.inf)
    with Writer(tmp_path / "bit", MANIFEST) as writer:
        put(writer, replace(block, ties=block.ties | {"trade": trade}))
    bit = open_run(tmp_path / "bit")
    assert bit.digest() != one.digest()
    assert bit.digest([0, 1, 2, 4]) == one.digest([0, 1, 2, 4])
    draws = {"trust.persistence": block.parameters["trust.persistence"] * (1 + 1e-15)}
    with Writer(tmp_path / "draws", MANIFEST) as writer:
        put(writer, replace(block, parameters=block.parameters | draws))
    assert open_run(tmp_path / "draws").digest() != one.digest()


def test_same_content_resumes_and_counts_each_world_once(tmp_path: Path) -> None:
    store(tmp_path, [0, 1])
    with Writer(tmp_path, MANIFEST) as writer:
        assert writer.done() == {0, 1}
        put(writer, make_block([1, 2, 3]))  # as if another process had stored world 1 meanwhile
    whole = store(tmp_path / "whole", [0, 1, 2, 3])
    assert open_run(tmp_path).digest() == whole.digest()


def test_two_writers_share_a_folder(tmp_path: Path) -> None:
    with Writer(tmp_path / "run", MANIFEST) as one, Writer(tmp_path / "run", MANIFEST) as other:
        put(one, make_block([0, 1, 2]))
        put(other, make_block([0, 1]))
        put(other, make_block([2, 3]))
        put(one, make_block([3, 4]))
    assert open_run(tmp_path / "run").digest() == store(tmp_path / "whole", [0, 1, 2, 3, 4]).digest()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"seed": 2}, "seed: 1 there, 2 asked for"),
        ({"replicates": 3}, "replicates: 4 there, 3 asked for"),
        ({"fixed_parameters": True}, "fixed_parameters"),
        ({"scenario": small(end=2030)}, "scenario: horizon.end is 2027 there, 2030 asked for"),
    ],
)
def test_other_content_is_refused_and_untouched(tmp_path: Path, changes: dict[str, Any], words: str) -> None:
    store(tmp_path, [0, 1])
    before = contents(tmp_path)
    with pytest.raises(StoreError, match="another run is stored here") as caught:
        store(tmp_path, manifest=manifest_of(**changes))
    assert words in str(caught.value)
    assert caught.value.exit_code == 4
    assert contents(tmp_path) == before


@pytest.mark.parametrize(("key", "words"), [("code_hash", "code: sco_sim"), ("data_hash", "data: the case")])
def test_changed_code_or_data_is_refused(tmp_path: Path, key: str, words: str) -> None:
    old = MANIFEST | {key: "0" * 64}
    store(tmp_path, [0], manifest=old | {"content": content_hash(old)})
    with pytest.raises(StoreError, match=words):
        store(tmp_path)


def test_force_deletes_only_what_a_run_owns(tmp_path: Path) -> None:
    store(tmp_path, [0, 1])
    mine = {"notes.txt": b"mine", "parts/mine.parquet": b"mine", "figures/a.png": b"mine"}
    for name, content in mine.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    run = store(tmp_path, [7], manifest=manifest_of(seed=2), force=True)
    assert run.worlds()["world"].tolist() == [7]
    assert not (tmp_path / "parts" / "metrics-0.parquet").exists()
    assert {name: (tmp_path / name).read_bytes() for name in mine} == mine


def test_a_folder_that_is_no_run_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_bytes(b"years of work")
    with pytest.raises(StoreError, match=r"holds thesis.docx but no stored run"):
        store(tmp_path, [0])
    assert contents(tmp_path) == {"thesis.docx": b"years of work"}
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StoreError):
        store(tmp_path / "file", [0])
    with pytest.raises(StoreError):
        store(tmp_path / "file" / "below", [0])


def test_a_kill_before_the_manifest_leaves_a_free_folder(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "manifest.json.tmp").write_bytes(b'{"format"')
    assert store(tmp_path, [0]).query("SELECT status FROM worlds")["status"].tolist() == ["done"]


def test_leftover_parts_do_not_count(tmp_path: Path) -> None:
    store(tmp_path / "other", [0, 1, 2], [9])
    run = store(tmp_path / "run", [3])
    for part in (tmp_path / "other" / "parts").iterdir():
        (run.path / "parts" / part.name).write_bytes(part.read_bytes())
    assert run.metrics()["world"].unique().tolist() == [3]
    run = store(tmp_path / "run", [0, 1])  # takes the place of a leftover of three worlds
    assert run.metrics()["world"].unique().tolist() == [0, 1, 3]


def test_failed_worlds_are_recorded_and_tried_again(tmp_path: Path) -> None:
    with Writer(tmp_path, MANIFEST) as writer:
        put(writer, make_block([0, 2]), [Failure(1, "ZeroDivisionError: oh", "Traceback ...")])
        assert writer.done() == {0, 2}
    run = open_run(tmp_path)
    assert run.failed == (1,)
    row = run.worlds().to_numpy().tolist()[1]
    assert row == [1, 0, 1, "failed", "ZeroDivisionError: oh", "Traceback ..."]
    partial = run.digest()
    run = store(tmp_path, [1])
    assert run.failed == ()
    assert run.digest() == store(tmp_path / "whole", [0, 1, 2]).digest() != partial


def test_a_run_without_a_finished_world_says_so(tmp_path: Path) -> None:
    run = store(tmp_path)
    assert run.worlds().empty
    with pytest.raises(StoreError, match="no world of this run is finished"):
        run.metrics()


@pytest.mark.parametrize(
    "damage",
    [
        ("manifest.json", lambda content: content[: len(content) // 2]),
        ("manifest.json", lambda content: b"\xff\xfe" + content),
        ("manifest.json", lambda content: b"[1, 2]"),
        ("manifest.json", lambda content: content.replace(b'"seed": 1', b'"seed": 2')),
        ("manifest.json", lambda content: json.dumps(json.loads(content) | {"states": None}).encode()),
        ("manifest.json", lambda content: b"[" * 100_000),
        ("worlds.sqlite", lambda content: b"this is no database" * 500),
        ("worlds.sqlite", lambda content: content[:4096] + bytes(len(content) - 4096)),
        ("worlds.sqlite", lambda content: b""),
        ("worlds.sqlite", None),
        ("parts/ties-0.parquet", lambda content: content[:-100]),
        ("parts/ties-0.parquet", lambda content: b""),
        ("parts/ties-0.parquet", lambda content: content[:300] + bytes([content[300] ^ 1]) + content[301:]),
        ("parts/ties-0.parquet", None),
    ],
)
def test_damage_is_a_message_and_force_mends_it(tmp_path: Path, damage: tuple[str, Any]) -> None:
    store(tmp_path, [0, 1])
    name, change = damage
    path = tmp_path / name
    if change is None:
        path.unlink()
    else:
        path.write_bytes(change(path.read_bytes()))
    with pytest.raises(StoreError) as caught:
        open_run(tmp_path).digest()
    assert path.name in str(caught.value)
    assert store(tmp_path, [0], force=True).metrics()["world"].unique().tolist() == [0]


@pytest.mark.parametrize("step", ["write", "sync", "rename", "commit"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EACCES])
def test_a_disk_that_fails_leaves_a_run_that_resumes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, number: int
) -> None:
    def fail(*_: object) -> None:
        if step == "commit":
            raise sqlite3.OperationalError("database or disk is full")
        raise OSError(number, "the disk says no")

    with Writer(tmp_path / "run", MANIFEST) as writer:
        put(writer, make_block([0, 1]))
        with monkeypatch.context() as patch:
            patch.setattr(disk.disk, step, fail)
            with pytest.raises(StoreError) as caught:
                put(writer, make_block([2, 3]))
        assert caught.value.exit_code == 4
        if number == errno.ENOSPC:
            assert "free some space" in str(caught.value)
        assert open_run(tmp_path / "run").metrics()["world"].unique().tolist() == [0, 1]
        put(writer, make_block([2, 3]))
    assert open_run(tmp_path / "run").digest() == store(tmp_path / "whole", [0, 1, 2, 3]).digest()


def test_a_name_that_is_no_text_any_more_is_damage(tmp_path: Path) -> None:
    """A flipped bit in the name of a table once ended in a traceback: SQLite's complaint could not be decoded."""
    with pytest.raises(StoreError, match="the file is damaged"), disk.guard(tmp_path, "read the stored run"):
        b"world\xf4".decode()


def test_other_library_versions_are_noted(tmp_path: Path) -> None:
    old = MANIFEST | {"versions": MANIFEST["versions"] | {"numpy": "1.0"}}
    store(tmp_path, [0], manifest=old)
    for _ in range(2):
        run = store(tmp_path, [1])
    assert run.manifest["versions"]["numpy"] == "1.0"
    assert run.manifest["resumed_with"] == [MANIFEST["versions"]]


def test_a_block_of_another_shape_is_a_mistake_in_the_model(tmp_path: Path) -> None:
    block = make_block([0, 1])
    with Writer(tmp_path, MANIFEST) as writer:
        with pytest.raises(ValueError, match="other states"):
            put(writer, replace(block, state_codes=("CHN", "RUS", "KAZ")))
        with pytest.raises(ValueError, match="shape"):
            put(writer, replace(block, metrics={"trust_min": block.ties["trust"]}))
        assert writer.done() == set()


def test_a_batch_without_what_is_stored_is_the_batch_of_the_rest(tmp_path: Path) -> None:
    with Writer(tmp_path / "run", MANIFEST) as writer:
        whole, rest = (pack(make_block(worlds), writer.layout) for worlds in ([4, 5, 6], [6, 4]))
        assert whole.without({9}) is whole
        assert whole.without({4, 5, 6}) is None
        left = whole.without({5})
        assert left is not None
        assert left.worlds == (4, 6)
        writer.commit([left])
    with Writer(tmp_path / "other", MANIFEST) as writer:
        writer.commit([rest])
    assert open_run(tmp_path / "run").digest() == open_run(tmp_path / "other").digest()
