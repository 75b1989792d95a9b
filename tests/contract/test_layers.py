"""The structure of the package: who may import whom, how long a file or a function may be, what is banned where."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.worlds import ROOT

PACKAGE = ROOT / "sco_sim"
#: A file imports only from its own layer and from those before it.
LAYERS: tuple[tuple[str, ...], ...] = (
    ("__init__", "errors", "paths", "kernels", "fast", "draws"),
    ("state", "ties", "equations"),
    ("catalog", "year", "component"),
    ("policies", "mechanisms", "events", "rules", "metrics"),
    (
        "yaml_source", "translate", "extend", "scenario", "load", "experiment", "load_catalog", "ledger", "data",
        "filters", "initial",
    ),
    ("member", "council", "record", "budget", "model", "build"),
    ("disk", "parts", "packed", "manifest", "writer", "store", "batches", "runner"),
    ("study", "plots", "report"),
    ("cli", "commands", "__main__"),
)  # fmt: skip
LEVEL = {name: level for level, names in enumerate(LAYERS) for name in names}
COMPONENTS = LAYERS[3]
#: What runs every year on all worlds at once.
YEARLY = (*COMPONENTS, "council", "year", "equations", "model", "ties")
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


def top(name: str) -> str:
    """The part of a module's name that the table of layers knows."""
    parts = name.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


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


def ours(path: Path, inside_functions: bool) -> set[str]:
    """Those of them that are in the package."""
    return {name for name in imported(path, inside_functions) if name.split(".")[0] == "sco_sim"}


@pytest.mark.parametrize("path", FILES, ids=module)
def test_a_file_imports_only_from_its_own_layer_and_below(path: Path) -> None:
    """Catches a model that knows the command line, a component that knows the model."""
    here = top(module(path))
    assert here in LEVEL, f"place {here} in the table of layers"
    lazy = here not in LAYERS[-1] + ("__init__",)
    above = [name for name in ours(path, inside_functions=lazy) if LEVEL[top(name)] > LEVEL[here]]
    assert not above, f"{module(path)} imports {above} from above"


def test_a_component_imports_no_other_kind_of_component() -> None:
    """Catches components that lean on each other, so that one cannot be taken out."""
    for path in FILES:
        here = top(module(path))
        if here in COMPONENTS:
            others = [name for name in ours(path, True) if top(name) in COMPONENTS and name != module(path)]
            assert not others, f"{module(path)} imports {others}"


@pytest.mark.parametrize("inside_functions", [False, True], ids=["at import", "in functions too"])
def test_there_is_no_cycle_of_imports(inside_functions: bool) -> None:
    """Catches two files that need each other, a package and its part included."""
    graph = {name: ours(path, inside_functions) & set(MODULES) for name, path in MODULES.items()}
    if inside_functions:
        del graph["sco_sim"]  # its lazy names are made to reach everything
    for name, wanted in graph.items():  # importing a module runs the packages it is in
        for one in list(wanted):
            parts = one.split(".")
            wanted |= {".".join(parts[:k]) for k in range(1, len(parts))} - {name}
    finished: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " -> ".join((*trail[trail.index(name) :], name))
        if name not in finished:
            for other in sorted(graph.get(name, ())):
                visit(other, (*trail, name))
            finished.add(name)

    for name in graph:
        visit(name, ())


@pytest.mark.parametrize(
    ("library", "homes"),
    [
        ("mesa", r"sco_sim/(model|member)\.py"),
        ("networkx", r"sco_sim/(ties|model)\.py|sco_sim/components/metrics/\w+\.py"),
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
        assert users == {"sco_sim/engine/model.py", "sco_sim/engine/member.py"}


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


@pytest.mark.parametrize("path", [path for path in FILES if top(module(path)) in YEARLY], ids=module)
def test_no_arithmetic_that_changes_bits_with_the_batch(path: Path) -> None:
    """Catches `@` with a matrix shared by the worlds and einsum(optimize=True): their sums depend on the batch."""
    for node in ast.walk(tree(path)):
        assert not isinstance(node, ast.MatMult), f"{module(path)} multiplies matrices with @"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            assert node.func.attr not in ("dot", "tensordot", "inner"), f"{module(path)} calls {node.func.attr}"
            optimised = [key for key in node.keywords if node.func.attr == "einsum" and key.arg == "optimize"]
            assert not optimised, f"{module(path)} lets einsum reorder its sums"


def test_no_component_draws_luck_of_its_own() -> None:
    """Catches a generator outside draws.py: its numbers would depend on the order of calls."""
    for path in FILES:
        if module(path) != "sco_sim.numerics.streams" and not module(path).startswith("sco_sim.studies"):
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
