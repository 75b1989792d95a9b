"""Run the examples of the pages of studies, and name those whose figures the model has left behind.

    python docs/check_examples.py [PAGE...]

An example is a block of `$ sco-sim ...` with what it prints; some take minutes.
"""

from __future__ import annotations

import contextlib
import re
import shlex
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from typer.testing import CliRunner

from sco_sim.cli.main import app

DOCS = Path(__file__).resolve().parent
PAGES = ("brief", "cascade", "report", "threshold", "trace", "views", "worth")


def examples(page: str) -> Iterator[tuple[str, str]]:
    """Commands of a page, each with what it prints there; empty for a block of commands alone."""
    text = (DOCS / f"{page}.md").read_text(encoding="utf-8")
    for language, block in re.findall(r"^```(\w*)\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
        joined = block.replace("\\\n", " ")
        if language == "sh":
            lines = (re.sub(r"\s+#.*", "", line) for line in joined.splitlines())
            commands = [one.strip() for line in lines for one in line.split("&&")]
            yield from ((one.removeprefix("sco-sim "), "") for one in commands if one.startswith("sco-sim "))
        elif not language:
            parts = re.split(r"^\$ sco-sim (.*)$", joined, flags=re.MULTILINE)
            yield from ((re.sub(r"\s+#.*", "", parts[at]), parts[at + 1]) for at in range(1, len(parts), 2))


def plain(text: str) -> str:
    """The words, however they are folded."""
    return " ".join(text.split())


def stale(page: str, command: str, printed: str) -> list[str]:
    """Parts of an example that its command prints no more; it is run here and has to end well."""
    result = CliRunner().invoke(app, shlex.split(command))
    if result.exit_code:
        raise SystemExit(f"{page}: sco-sim {command}: {result.output}")
    now, at = plain(result.stdout), 0
    missing = []
    for part in filter(None, map(plain, printed.split("..."))):
        if part in now[at:]:
            at = now.index(part, at)
        else:
            missing.append(part)
    return missing


def main() -> None:
    """Run the examples at their full size and name what is stale; `...` on a page leaves something out."""
    wanted = sys.argv[1:] or PAGES
    lost = 0
    for page in wanted:
        with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
            for command, printed in examples(page):
                if printed.strip() or "--out" in command:
                    parts = stale(page, command, printed)
                    lost += len(parts)
                    for part in parts:
                        print(f"docs/{page}.md: sco-sim {command} prints no more: {part}")
    raise SystemExit(1 if lost else 0)


if __name__ == "__main__":
    main()
