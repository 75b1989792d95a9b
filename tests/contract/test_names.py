"""Names of modules and files in documents, comments and messages are those of things that exist."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.worlds import ROOT

FOLDERS = ("sco_sim", "docs", "tests", "experiments", "scenarios", "calibration")
GROUPS = ("policies", "events", "rules", "mechanisms", "metrics", "deciders", "ledger")
"""Entry points, `sco_sim.policies` and so on: no modules."""
INVENTED = ("film_weeks.py", "_total.py", "script.py", "evil_module.py")
"""Files that an example or a test makes."""


def texts() -> list[Path]:
    """Everything that people read, code included."""
    inside = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*")]
    files = [*ROOT.glob("*.md"), ROOT / "pyproject.toml", *(ROOT / ".ci").glob("*"), *inside]
    kept = [path for path in files if path.is_file() and path.suffix in (".py", ".md", ".yaml", ".toml", "")]
    return sorted(
        path
        for path in kept
        if path != Path(__file__).resolve() and not {"_shipped", "__pycache__", "files"} & set(path.parts)
    )


TEXTS = texts()
PYTHON = [path.relative_to(ROOT).as_posix() for path in TEXTS if path.suffix == ".py"]
MODULES = {path.removesuffix(".py").removesuffix("/__init__").replace("/", "."): ROOT / path for path in PYTHON}


@cache
def defined(module: str) -> set[str]:
    """Names that a module defines or imports, at any depth."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(MODULES[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.alias):
            found.add((node.asname or node.name).rpartition(".")[2])
    return found


def exists(dotted: str) -> bool:
    """Whether `sco_sim.a.b` is a module, or a name in one, or a group of entry points."""
    module = dotted
    while module not in MODULES:
        module = module.rpartition(".")[0]
    rest = dotted[len(module) + 1 :].split(".")[0]
    return not rest or rest in defined(module) or (module == "sco_sim" and rest in (*GROUPS, "_shipped"))


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_modules_and_files_that_are_named_exist(path: Path) -> None:
    """Catches a document, comment or message that names a module or file as it was before it moved."""
    text = path.read_text(encoding="utf-8")
    dotted = {name for name in re.findall(r"(?<![\w./-])sco_sim(?:\.[A-Za-z_]\w*)+", text) if not name.endswith(".py")}
    gone = [name for name in sorted(dotted) if not exists(name)]
    files = {name.lstrip("/") for name in re.findall(r"[\w/]*\w\.py\b", text)}
    gone += [name for name in sorted(files) if not any(f"/{file}".endswith(f"/{name}") for file in PYTHON)]
    allowed = ("sco_sim.simulate",)  # a name that a test asks for since it does not exist
    assert not [name for name in gone if name not in allowed and Path(name).name not in INVENTED]


def test_a_name_from_before_the_move_is_noticed() -> None:
    """Catches a rule that lets everything pass."""
    assert exists("sco_sim.engine.build")
    assert exists("sco_sim.engine.build.build_model")
    assert not exists("sco_sim.build")
    assert not exists("sco_sim.engine.build.no_such_name")
