"""What several files of tests share."""

from __future__ import annotations

import gc
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from sco_sim.__main__ import GARBAGE
from tests.unit.command_line import fine

QUICK = (
    "tests/contract/", "tests/baseline/", "tests/unit/test_agenda", "tests/unit/test_budget", "tests/unit/test_council",
    "tests/unit/test_draws", "tests/unit/test_equations", "tests/unit/test_events", "tests/unit/test_initial",
    "tests/unit/test_kernels", "tests/unit/test_ledger", "tests/unit/test_load", "tests/unit/test_metrics",
    "tests/unit/test_model", "tests/unit/test_policies", "tests/unit/test_rules", "tests/unit/test_scenario",
    "tests/unit/test_ties",
)  # fmt: skip
"""Beginnings of the files that `pytest -m quick` runs: the contract, the units of the model, the golden results."""


THINNED = {
    "keeps_its_bits_in_any_batch]": 12, "test_a_shipped_scenario_says_what_it_asks_and_runs": 10,
    "test_a_broken_case_is_refused_or_harmless": 10,
    "test_a_folder_in_the_place_of_a_file": 8, "test_any_failing_call_leaves_a_run_that_resumes": 4,
    "test_a_terminal_shows_all_of_it": 3, "test_a_pipe_gets_the_same_bytes": 3, "test_big_or_empty": 3,
    "test_no_figure_overflows_the_check": 20, "test_a_fraction_where_a_column_counts": 4,
    "test_damage_is_named_and_the_same_command_mends_it": 3, "test_the_same_bits_however_it_is_cut": 3,
    "test_resolved_round_trip": 5, "test_a_scenario_varied_in_nothing_is_the_same": 5,
    "test_adding_a_component_leaves_every_stream_as_it_was": 4, "test_a_disk_that_fails_leaves_a_run_that_resumes": 4,
    "test_damage_is_a_message_and_force_mends_it": 4, "test_another_unit_that_cannot_be_true_is_refused": 4,
    "test_a_torn_table_is_reported": 4, "test_a_row_that_stands_twice_is_refused": 3,
    "test_a_point_is_the_run_that_set_would_make": 3, "test_a_world_alone_has_the_bits": 2,
    "test_the_fault_of_a_wrong_component_is_named": 3, "test_what_the_row_names_answers": 16,
    "test_a_shield_halves_what_it_is_for": 8, "reads_only_its_variables]": 6, "keeps_variables_in_bounds]": 8,
    "changes_nothing_without_force]": 6, "does_something]": 6, "when_called_in_any_batch]": 8,
    "has_arrays_of_its_shape]": 6, "changes_nothing_unless_adopted]": 6, "test_a_leg_that_does_not_join": 5,
    "test_what_is_no_leg_border_or_state": 3, "test_a_right_component_passes": 3,
    "test_a_changed_table_is_noticed": 6, "test_model_equals_oracle_in_every_number": 3,
    "reads_only_its_parameters]": 3, "test_comparison_notices_a_parameter_off_by_a_millionth": 3,
    "test_every_variable_stays_within_its_bounds": 2, "test_a_folder_that_the_command_does_not_read": 3,
}  # fmt: skip
"""Of tests with many alike cases the README's command takes every n-th, so that it ends within three minutes."""


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


def pytest_configure() -> None:
    """Look for garbage as seldom as the command does."""
    gc.set_threshold(*GARBAGE)


def pytest_collection_finish() -> None:
    """Keep the collector from walking over all modules and tests again and again: it took a twentieth of the time."""
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is slow because others like it are tried, and what is quick; what is slow never is."""
    seen: Counter[str] = Counter()
    for item in items:
        test = next((name for name in THINNED if name in item.name), None)
        if test and item.get_closest_marker("slow") is None:
            seen[test] += 1
            if seen[test] % THINNED[test] != 1:
                item.add_marker(pytest.mark.slow)
        if item.nodeid.startswith(QUICK) and item.get_closest_marker("slow") is None:
            item.add_marker(pytest.mark.quick)


@pytest.fixture(autouse=True)
def _figures_are_closed() -> Iterator[None]:
    """Close what a test has drawn: matplotlib warns of many open figures, in whichever test comes then."""
    yield
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")


@pytest.fixture(scope="session")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a stored comparison: baseline, sister_cities and combined, eight worlds each; not to be written."""
    folder = tmp_path_factory.mktemp("cli") / "three"
    fine("compare", "baseline", "sister_cities", "combined", "--worlds", 8, "--out", folder, "--no-figures")
    return folder
