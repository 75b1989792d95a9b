"""Names of modules and files in documents, comments and messages are those of things that exist."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

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


VAGUE = {"found", "place", "kind", "made", "told", "luck"}
"""Names that do not say what a thing is: reports, an index, the kind of a component, a match, normal draws."""
PUBLIC = {
    ("sco_sim/case/entries.py", "kind"),  # key of the ledger
    ("sco_sim/studies/sweep/factor.py", "kind"),  # key of an experiment file
    ("sco_sim/studies/sensitivity/indices.py", "luck"),  # column of chance.csv
    ("sco_sim/cli/main.py", "kind"),  # argument of `sco-sim list`
}
"""Vague names that users read or write, which therefore stay."""

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


def named(source: str) -> set[str]:
    """Names that a source gives to its variables, parameters, functions, classes and attributes."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.arg):
            names.add(node.arg)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            names.add(node.attr)
    return names


def exists(dotted: str) -> bool:
    """Whether `sco_sim.a.b` is a module, or a name in one, or a group of entry points."""
    module = dotted
    while module not in MODULES:
        module = module.rpartition(".")[0]
    rest = dotted[len(module) + 1 :].split(".")[0]
    return not rest or rest in defined(module) or (module == "sco_sim" and rest in (*GROUPS, "_shipped"))


def named_but_gone(text: str) -> list[str]:
    """Modules and files that a text names and that are not there."""
    dotted = {name for name in re.findall(r"(?<![\w./-])sco_sim(?:\.[A-Za-z_]\w*)+", text) if not name.endswith(".py")}
    gone = [name for name in sorted(dotted) if not exists(name)]
    files = {name.lstrip("/") for name in re.findall(r"[\w/]*\w\.py\b", text)}
    gone += [name for name in sorted(files) if not any(f"/{file}".endswith(f"/{name}") for file in PYTHON)]
    allowed = ("sco_sim.simulate",)  # a name that a test asks for since it does not exist
    return [name for name in gone if name not in allowed and Path(name).name not in INVENTED]


def test_modules_and_files_that_are_named_exist() -> None:
    """Catches a document, comment or message that names a module or file as it was before it moved."""
    gone = {str(path.relative_to(ROOT)): named_but_gone(path.read_text(encoding="utf-8")) for path in TEXTS}
    assert not {path: names for path, names in gone.items() if names}


def test_a_name_from_before_the_move_is_noticed() -> None:
    """Catches a rule that lets everything pass."""
    assert exists("sco_sim.engine.build")
    assert exists("sco_sim.engine.build.build_model")
    assert not exists("sco_sim.build")
    assert not exists("sco_sim.engine.build.no_such_name")


def test_a_name_says_what_a_thing_is() -> None:
    """Catches a variable called `found` or `place`, which the next reader has to look up."""
    vague = {
        (path, name)
        for path in PYTHON if path.startswith("sco_sim/")
        for name in named((ROOT / path).read_text(encoding="utf-8")) & VAGUE
    }  # fmt: skip
    assert vague == PUBLIC


def test_a_vague_name_is_noticed() -> None:
    """Catches a reader of names that reads none."""
    source = "def f(luck):\n    if place := 1:\n        found.told = luck\n    for kind in made: pass\n"
    assert named(source) == {"f", "luck", "place", "told", "kind"}
