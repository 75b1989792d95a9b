"""Where the shipped case and the shipped scenarios are: in the checkout, or packaged in the wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def _shipped(name: str) -> Path:
    packaged = _PACKAGE / "_shipped" / name
    return packaged if packaged.is_dir() else _PACKAGE.parent / name


def default_case() -> Path:
    """Folder of the shipped case: tables in `data/` and the ledger `parameters.yaml`."""
    return _shipped("calibration")


def shipped_scenarios() -> Path:
    """Folder of the shipped scenario files."""
    return _shipped("scenarios")


def named_scenarios(case: Path | None = None) -> dict[str, Path]:
    """Scenarios that go by their bare names: those in `scenarios/` of a case, then the shipped ones."""
    homes = [shipped_scenarios(), *([case / "scenarios"] if case is not None else [])]
    return {path.stem: path for home in homes for path in sorted(home.glob("*.yaml"))}


def shipped_views() -> Path:
    """Folder of the shipped views."""
    return shipped_scenarios() / "views"


def shipped_scores() -> Path:
    """Table of what the hindcast was asked to show and whether it does, which `sco-sim hindcast --report` writes."""
    return _shipped("docs") / "evidence_aims.csv"
