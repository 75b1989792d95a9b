"""Run the examples of the pages of studies, and name those whose figures the model has left behind, or write them anew.

    python docs/check_examples.py [--write] [PAGE...]

An example is a block of `$ sco-sim ...` with what it prints. What of it a page shows stands in a comment before the
block, one for each command of it: `<!-- shown: REGEX | FROM .. TO -->` has the lines in which a pattern is found, and
those from one to before another; `-` shows nothing. What is left out in between is `...`. Pictures of a page that a
command draws under the same name go with it. Some examples take minutes; all of a page run in one empty folder.
"""

from __future__ import annotations

import contextlib
import re
import shlex
import shutil
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from typer.testing import CliRunner

from sco_sim.cli.main import app

DOCS = Path(__file__).resolve().parent
PAGES = (
    "brief", "cascade", "enlargement", "packages", "report", "routes", "sequence", "threshold", "trace", "views",
    "worth",
)  # fmt: skip
OTHERS = {
    "comparison": "its tables and sentences are of large runs",
    "experiments": "its sweeps take hours",
    "gallery": "docs/build_gallery.py writes it",
    "sensitivity": "its sweeps take hours",
}
"""Pages with commands that are not run here, with the reason."""
WIDTH = 120
BLOCK = re.compile(
    r"(?P<notes>(?:^<!-- shown: [^\n]* -->\n)*)^```(?P<language>\w*)\n(?P<body>.*?)^```$", re.DOTALL | re.M
)
NOTE = re.compile(r"<!-- shown: (.*) -->")
PICTURE = re.compile(r"\]\(figures/([\w./-]+\.png)\)")


class Example(NamedTuple):
    """A command of a page."""

    command: str
    """Without `sco-sim`."""
    typed: str
    """As it stands on the page."""
    printed: str
    """What the page shows of what it prints; nothing for a block of commands alone."""
    shown: str
    """Which lines those are; `-` for none, nothing if the page does not say."""


def examples(page: str) -> Iterator[Example]:
    """Commands of a page, in order."""
    for block in BLOCK.finditer((DOCS / f"{page}.md").read_text(encoding="utf-8")):
        yield from of_block(block)


def of_block(block: re.Match[str]) -> Iterator[Example]:
    """Commands of a block: lines of a script, or those after a prompt with what they print."""
    if block["language"] == "sh":
        lines = (re.sub(r"\s+#.*", "", line) for line in block["body"].replace("\\\n", " ").splitlines())
        commands = [one.strip() for line in lines for one in line.split("&&")]
        own = (one.removeprefix("sco-sim ") for one in commands if one.startswith("sco-sim "))
        yield from (Example(command, "", "", "-") for command in own)
    elif block["language"] in ("", "console"):
        parts = re.split(r"^\$ (sco-sim (?:[^\n]*\\\n)*[^\n]*)\n", block["body"], flags=re.MULTILINE)
        notes = NOTE.findall(block["notes"])
        for number, (typed, printed) in enumerate(zip(parts[1::2], parts[2::2], strict=True)):
            command = re.sub(r"\s+#.*", "", typed.replace("\\\n", " ")).removeprefix("sco-sim ")
            yield Example(command, typed, printed, notes[number] if number < len(notes) else "")


def cut(output: str, shown: str) -> str:
    """The lines of an output that a page shows, folded, with `...` for what is left out; raises ValueError for none."""
    lines = output.splitlines()
    kept = [False] * len(lines)
    for one in shown.split(" | "):
        first, dots, last = one.partition(" .. ")
        found = [at for at, line in enumerate(lines) if re.search(first, line)]
        if not found:
            raise ValueError(f"no line has '{first}'")
        if dots:
            end = next(
                (at for at in range(found[0] + 1, len(lines)) if last and re.search(last, lines[at])), len(lines)
            )
            found = list(range(found[0], end))
        for at in found:
            kept[at] = True
    written: list[str] = []
    for line, keep in zip(lines, kept, strict=True):
        if keep:
            written += folded(line)
        elif line.strip() and written[-1:] != ["..."]:
            while written[-1:] == [""]:
                written.pop()
            written.append("...")
    return "\n".join(written).strip("\n") + "\n"


def folded(line: str) -> list[str]:
    """A line in the width of a page, under where its text begins; a row of a table is left as it is."""
    start = re.match(r" *(?:\* )?", line)
    indent = " " * len(start[0]) if start else ""
    if re.search(r"\S {2,}|─{3}", line):
        return [line.rstrip()]
    return textwrap.wrap(line, WIDTH, subsequent_indent=indent, break_on_hyphens=False) or [""]


def output_of(command: str) -> str:
    """What a command prints into a pipe; raises SystemExit if it does not end well."""
    result = CliRunner().invoke(app, shlex.split(command))
    if result.exit_code:
        raise SystemExit(f"sco-sim {command}: {result.output}")
    return str(result.stdout)


def renewed(page: str) -> str:
    """The text of a page, its examples run in this folder; raises SystemExit for one that says not what it shows."""

    def block(match: re.Match[str]) -> str:
        of_this = list(of_block(match))
        if match["language"] == "sh" or not of_this:
            return match[0]
        body = ""
        for one in of_this:
            output = output_of(one.command)
            if one.printed.strip() and not one.shown:
                raise SystemExit(f"docs/{page}.md: say before its block what is shown of: sco-sim {one.command}")
            try:
                new = cut(output, one.shown) if one.shown not in ("", "-") else ""
            except ValueError as error:
                raise SystemExit(f"docs/{page}.md: sco-sim {one.command}: {error}") from error
            body += f"$ {one.typed}\n{new}"
        return f"{match['notes']}```{match['language']}\n{body}```"

    return BLOCK.sub(block, (DOCS / f"{page}.md").read_text(encoding="utf-8"))


def pictures(text: str, folder: Path) -> Iterator[tuple[Path, Path]]:
    """Pictures of a page that its commands have drawn in a folder, with their places in docs."""
    for name in PICTURE.findall(text):
        drawn = sorted(folder.rglob(Path(name).name))
        if drawn:
            yield drawn[0], DOCS / "figures" / name


def main() -> None:
    """Run the examples at their full size; name what is stale, or write it anew."""
    words = sys.argv[1:]
    write, wanted = "--write" in words, [word for word in words if word != "--write"] or list(PAGES)
    stale = 0
    for page in wanted:
        file = DOCS / f"{page}.md"
        before = file.read_text(encoding="utf-8")
        with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
            after = renewed(page)
            if write:
                file.write_text(after, encoding="utf-8")
                for drawn, where in pictures(after, Path(folder)):
                    shutil.copyfile(drawn, where)
        old, new = before.splitlines(), set(after.splitlines())
        gone = [line for line in old if line not in new]
        stale += len(gone)
        for line in gone:
            print(f"docs/{page}.md: {'written anew' if write else 'no more so'}: {line}", flush=True)
    raise SystemExit(1 if stale and not write else 0)


if __name__ == "__main__":
    main()
