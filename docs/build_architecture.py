"""Write the picture of the layers into docs/architecture.md, from the imports of the code.

    python docs/build_architecture.py

The order of the layers is that of import-linter in pyproject.toml. Imports for the type checker and inside functions
count.
"""

from __future__ import annotations

import argparse
import re
import tomllib
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "architecture.md"
MARKS = ("<!-- layers: written by docs/build_architecture.py -->", "<!-- /layers -->")


def layers() -> list[list[str]]:
    """Folders and modules of the package, lowest layer first; those of one layer stand together."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    rows = next(contract["layers"] for contract in settings["contracts"] if contract["type"] == "layers")
    return [[name.strip() for name in re.split(r"[|:]", row)] for row in reversed(rows)]


def uses() -> dict[str, list[str]]:
    """Each folder or module at the top, and those that it imports, in the order of the layers."""
    graph = grimp.build_graph("sco_sim", exclude_type_checking_imports=False, cache_dir=None)
    names = [name for row in layers() for name in row]

    def imports(one: str, other: str) -> bool:
        parts = {"importer": f"sco_sim.{one}", "imported": f"sco_sim.{other}"}
        return one != other and graph.direct_import_exists(**parts, as_packages=True)

    return {one: [other for other in names if imports(one, other)] for one in names}


def picture() -> str:
    """A table with a row for each importer, top layer first, and a dot under all that it imports."""
    used, order = uses(), [name for row in reversed(layers()) for name in row]
    lines = ["| imports | " + " | ".join(order) + " |", "|---|" + ":-:|" * len(order)]
    for name in order:
        cells = ["■" if other == name else "●" if other in used[name] else " " for other in order]
        lines.append(f"| **{name}** | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def page() -> str:
    """The whole page with the picture of today."""
    text = PAGE.read_text(encoding="utf-8")
    before, rest = text.split(MARKS[0])
    return f"{before}{MARKS[0]}\n\n{picture()}\n\n{MARKS[1]}{rest.split(MARKS[1])[1]}"


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter).parse_args()
    PAGE.write_text(page(), encoding="utf-8")
