"""What several files of tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.command_line import fine


@pytest.fixture(scope="session")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a stored comparison: baseline, sister_cities and combined, eight worlds each; not to be written."""
    folder = tmp_path_factory.mktemp("cli") / "three"
    fine("compare", "baseline", "sister_cities", "combined", "--worlds", 8, "--out", folder, "--no-figures")
    return folder
