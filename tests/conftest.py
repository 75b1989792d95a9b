"""What several files of tests share."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from tests.unit.command_line import fine

QUICK = (
    "tests/contract/", "tests/baseline/", "tests/unit/test_agenda", "tests/unit/test_budget", "tests/unit/test_council",
    "tests/unit/test_draws", "tests/unit/test_equations", "tests/unit/test_events", "tests/unit/test_initial",
    "tests/unit/test_kernels", "tests/unit/test_ledger", "tests/unit/test_load", "tests/unit/test_metrics",
    "tests/unit/test_model", "tests/unit/test_policies", "tests/unit/test_rules", "tests/unit/test_scenario",
    "tests/unit/test_ties",
)  # fmt: skip
"""Beginnings of the files that `pytest -m quick` runs: the contract, the units of the model, the golden results."""


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Do not even import the other files for `-m quick`: that takes longer than some of the tests."""
    if config.option.markexpr != "quick" or not collection_path.name.startswith("test_"):
        return None
    name = (
        collection_path.relative_to(config.rootpath).as_posix()
        if collection_path.is_relative_to(config.rootpath)
        else ""
    )
    return None if name.startswith(QUICK) else True


def pytest_collection_finish() -> None:
    """Keep the collector from walking over all modules and tests again and again: it took a twentieth of the time."""
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is quick; what is slow never is."""
    for item in items:
        if item.nodeid.startswith(QUICK) and item.get_closest_marker("slow") is None:
            item.add_marker(pytest.mark.quick)


@pytest.fixture(scope="session")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a stored comparison: baseline, sister_cities and combined, eight worlds each; not to be written."""
    folder = tmp_path_factory.mktemp("cli") / "three"
    fine("compare", "baseline", "sister_cities", "combined", "--worlds", 8, "--out", folder, "--no-figures")
    return folder
