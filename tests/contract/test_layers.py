"""The structure of the package: who may import whom, how long a file or a function may be, what is banned where."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

from tests.worlds import ROOT

PACKAGE = ROOT / "sco_sim"
YEARLY = ("components", "engine", "numerics", "world")
"""Folders of what runs every year on all worlds at once."""
FILES = sorted(path for path in PACKAGE.rglob("*.py") if "_shipped" not in path.parts)
LONGEST_FILE, LONGEST_FUNCTION = 400, 60


def module(path: Path) -> str:
    """`sco_sim.components.metrics.trade` of a file; a package goes by its own name."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module(path): path for path in FILES}


@cache
def tree(path: Path) -> ast.Module:
    """The parsed file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def folder(path: Path) -> str:
    """The folder below the package that a file stands in, "" at the top."""
    inner = path.relative_to(PACKAGE).parts
    return inner[0] if len(inner) > 1 else ""


def statements(node: ast.AST, inside_functions: bool) -> Iterator[ast.Import | ast.ImportFrom]:
    """Import statements that run: not those for the type checker, those within functions only if asked for."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child
        elif isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test):
            for other in child.orelse:
                yield from statements(other, inside_functions)
        elif inside_functions or not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from statements(child, inside_functions)


@cache
def imported(path: Path, inside_functions: bool) -> set[str]:
    """Full names of the modules that a file imports; `from package import module` names the module."""
    names: set[str] = set()
    for statement in statements(tree(path), inside_functions):
        if isinstance(statement, ast.Import):
            names.update(alias.name for alias in statement.names)
            continue
        assert statement.level == 0, f"{path}: a relative import hides the layer"
        base = statement.module or ""
        names.update(full if (full := f"{base}.{alias.name}") in MODULES else base for alias in statement.names)
    return names


def test_the_contracts_of_the_layers_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches an import that looks up, two modules that need each other, a folder that is in no layer (pyproject.toml).

    Imports for the type checker and inside functions count.
    """
    monkeypatch.chdir(ROOT)
    assert lint_imports(cache_dir=None) == 0


def test_few_modules_stand_at_the_top() -> None:
    """Catches a module that has found no layer."""
    assert len([path for path in PACKAGE.iterdir() if path.suffix == ".py"]) <= 8


@pytest.mark.parametrize(
    ("library", "homes"),
    [
        ("mesa", r"sco_sim/engine/load_mesa\.py"),
        (
            "networkx",
            r"sco_sim/world/(ties|routes)\.py|sco_sim/engine/model\.py|sco_sim/components/metrics/\w+\.py"
            r"|sco_sim/studies/export_graph\.py",
        ),
        ("matplotlib", r"sco_sim/plots/\w+\.py"),
    ],
)
def test_a_library_stays_at_home(library: str, homes: str) -> None:
    """Catches a dependence that spreads, and with it the seconds that its import takes."""
    users = {
        str(path.relative_to(ROOT)) for path in FILES
        if any(name.split(".")[0] == library for name in imported(path, inside_functions=True))
    }  # fmt: skip
    assert not [user for user in users if not re.fullmatch(homes, user)]
    if library == "mesa":
        assert users == {"sco_sim/engine/load_mesa.py"}


def test_what_a_field_means_stands_in_a_string_below_it() -> None:
    """Catches a comment that starts with `#` and `:`, which neither pydantic nor an editor shows to a reader."""
    mark = re.compile(r"^\s*#" + r":", re.MULTILINE)
    folders = [PACKAGE, *(ROOT / name for name in ("calibration", "docs", "experiments", "tests"))]
    files = [path for folder in folders for path in folder.rglob("*.py") if "_shipped" not in path.parts]
    lines = [
        f"{path.relative_to(ROOT)}:{text[: found.start()].count(chr(10)) + 1}"
        for path in files
        for text in [path.read_text(encoding="utf-8")]
        for found in mark.finditer(text)
    ]
    assert len(files) > 300
    assert not lines, f"put it as a string below the field: {lines}"


def test_no_file_is_longer_than_400_lines() -> None:
    """Catches a file that has become two."""
    folders = [PACKAGE, *(ROOT / name for name in ("calibration", "tests", "experiments"))]
    files = [path for folder in folders for path in folder.rglob("*.py") if "_shipped" not in path.parts]
    lengths = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in files}
    assert not {name: length for name, length in lengths.items() if length > LONGEST_FILE}


def test_no_function_is_longer_than_60_lines() -> None:
    """Catches a function that has become two."""
    for path in FILES:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                assert length < LONGEST_FUNCTION, f"{module(path)}.{node.name} has {length} lines"


@pytest.mark.parametrize("path", [path for path in FILES if folder(path) in YEARLY], ids=module)
def test_no_arithmetic_that_changes_bits_with_the_batch(path: Path) -> None:
    """Catches `@` with a matrix shared by the worlds and einsum(optimize=True): their sums depend on the batch."""
    for node in ast.walk(tree(path)):
        assert not isinstance(node, ast.MatMult), f"{module(path)} multiplies matrices with @"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            assert node.func.attr not in ("dot", "tensordot", "inner"), f"{module(path)} calls {node.func.attr}"
            optimised = [key for key in node.keywords if node.func.attr == "einsum" and key.arg == "optimize"]
            assert not optimised, f"{module(path)} lets einsum reorder its sums"


def test_no_component_draws_luck_of_its_own() -> None:
    """Catches a generator outside streams.py: its numbers would depend on the order of calls."""
    for path in FILES:
        if module(path) != "sco_sim.numerics.streams" and folder(path) not in ("studies", "evidence"):
            names = {node.attr for node in ast.walk(tree(path)) if isinstance(node, ast.Attribute)}
            assert not names & {"default_rng", "Generator", "Philox", "RandomState"}, module(path)


def test_nothing_names_a_path_of_one_machine() -> None:
    """Catches an absolute path, or one out of the repository, in anything that is shipped."""
    words = "|".join(["/" + name + "/" for name in ("work", "home", "root")] + [r"\.\./" + "shared"])
    suffixes = {".py", ".md", ".yaml", ".yml", ".toml", ".csv", ".cff", ".txt", ".json", ""}
    not_shipped = re.compile(r"\.(git|venv|hypothesis|\w+_cache)|venv|runs|dist|build")
    for place in sorted(path for path in ROOT.iterdir() if not not_shipped.fullmatch(path.name)):
        for path in [place, *place.rglob("*")] if place.is_dir() else [place]:
            if path.is_file() and path.suffix in suffixes and "hostile/files" not in path.as_posix():
                found = re.search(words, path.read_text(encoding="utf-8", errors="replace"))
                assert not found, f"{path.relative_to(ROOT)} names {found[0] if found else ''}"
