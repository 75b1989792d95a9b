"""Reading YAML with the location of every key and value, and refusing what a scenario file has no need of."""

from __future__ import annotations

import re
import stat
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from sco_sim.errors import Problem, ScenarioError

MAX_BYTES = 1 << 20
MAX_DEPTH = 32
MAX_VALUES = 20_000
MAX_DIGITS = 18
SMALL = 1 << 14
"""Characters of a text whose tree is kept; a scenario has a few thousand."""

Scalar = str | int | float | bool | None


@dataclass(frozen=True)
class Location:
    """File, line and column, both counted from 1; 0 stands for the whole file."""

    file: str
    line: int = 0
    column: int = 0

    def problem(self, message: str, remedy: str) -> Problem:
        """What is wrong here."""
        return Problem(message, remedy, self.file, self.line, self.column)


@dataclass
class Node:
    """A value, its location and, in a mapping, the location of its key."""

    value: Scalar | list[Node] | dict[str, Node]
    location: Location
    key_location: Location | None = None

    @property
    def fields(self) -> dict[str, Node]:
        """The entries of a mapping; none if it is no mapping."""
        return self.value if isinstance(self.value, dict) else {}

    @property
    def items(self) -> list[Node]:
        """The items of a list; none if it is no list."""
        return self.value if isinstance(self.value, list) else []

    def plain(self) -> Any:
        """The same without locations."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value

    @classmethod
    def of(cls, plain: Any, location: Location) -> Node:
        """The tree of plain data, all at one location."""
        if isinstance(plain, dict):
            return cls({str(key): cls.of(value, location) for key, value in plain.items()}, location, location)
        if isinstance(plain, list | tuple):
            return cls([cls.of(value, location) for value in plain], location, location)
        return cls(plain, location, location)

    def step(self, part: str | int) -> Node | None:
        """The entry or item of that key or number, if there is one."""
        if isinstance(part, str):
            return self.fields.get(part)
        return self.items[part] if 0 <= part < len(self.items) else None

    def copy(self) -> Node:
        """A copy of it and of all it holds."""
        if isinstance(self.value, dict):
            return Node({key: node.copy() for key, node in self.value.items()}, self.location, self.key_location)
        if isinstance(self.value, list):
            return Node([node.copy() for node in self.value], self.location, self.key_location)
        return Node(self.value, self.location, self.key_location)

    def moved(self, location: Location) -> Node:
        """A copy with one location for all it holds."""
        if isinstance(self.value, dict):
            return Node({key: node.moved(location) for key, node in self.value.items()}, location, location)
        if isinstance(self.value, list):
            return Node([node.moved(location) for node in self.value], location, location)
        return Node(self.value, location, location)


def read_file(path: Path, shown: str, problems: list[Problem]) -> Node:
    """Tree of a file, named `shown` in messages. What it can read past is added to `problems`.

    Raises ScenarioError if it cannot be read.
    """
    whole = Location(shown)
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise ScenarioError(whole.problem("it is a directory, not a file", "name a file in it"))
        if not stat.S_ISREG(status.st_mode):
            raise ScenarioError(whole.problem("it is not an ordinary file", "name a YAML file"))
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise ScenarioError(whole.problem("there is no such file", "check the name and the folder")) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name cannot be used"
        raise ScenarioError(whole.problem(f"it cannot be read: {reason}", "check its name and permissions")) from error
    if len(raw) > MAX_BYTES:
        raise ScenarioError(whole.problem("it is larger than 1 MiB", "a scenario needs a few kilobytes"))
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ScenarioError(whole.problem("it is in UTF-16", "save it as UTF-8"))
    if b"\0" in raw:
        raise ScenarioError(whole.problem("it is a binary file", "give a YAML text file"))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise ScenarioError(Location(shown, line).problem("it is not UTF-8 text", "save it as UTF-8")) from error
    return read_text(text, shown, problems)


def read_text(text: str, shown: str, problems: list[Problem]) -> Node:
    """Tree of YAML text; the same rules and errors as `read_file`."""
    tree, read_problems = (_kept_tree if len(text) <= SMALL else _tree)(text, shown, tuple(problems))
    problems += read_problems
    return tree.copy()


def _tree(text: str, shown: str, before: tuple[Problem, ...]) -> tuple[Node, tuple[Problem, ...]]:
    """The tree and its problems, after those from before."""
    problems = list(before)
    try:
        root = _Composer(shown, problems).compose(YAML(typ="safe", pure=True).parse(text))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        if error.context_mark and mark.index >= len(text.rstrip()):
            mark = error.context_mark  # something was opened and never closed: say where it began
        location = Location(shown, mark.line + 1, mark.column + 1) if mark else Location(shown)
        what = " ".join(str(error.problem or error.context or "it cannot be parsed").split())
        remedy = "check indentation, colons, brackets and quotes here"
        raise ScenarioError(*problems, location.problem(f"not valid YAML: {what}", remedy)) from error
    except (YAMLError, ValueError, IndexError, TypeError, AttributeError, AssertionError) as error:
        # the parser answers some malformed input with errors of Python's own
        line = text[: getattr(error, "position", 0) or 0].count("\n") + 1
        problem = Location(shown, line).problem("not valid YAML text", "remove control characters and directives")
        raise ScenarioError(*problems, problem) from error
    if root is None:
        raise ScenarioError(*problems, Location(shown).problem("it is empty", "write at least `horizon`, or `extends`"))
    return root, tuple(problems[len(before) :])


_kept_tree = lru_cache(maxsize=16)(_tree)
"""Parsing is slow, and scenarios that are compared extend the same few files."""


@dataclass
class _Open:
    """A list or mapping that is being read, and the key that waits for its value."""

    node: Node
    key: str | None = None
    key_location: Location | None = None


class _Composer:
    """Builds the tree from the parser's events, without recursion."""

    def __init__(self, shown: str, problems: list[Problem]) -> None:
        self.shown = shown
        self.problems = problems
        self.stack: list[_Open] = []
        self.root: Node | None = None
        self.values = 0

    def compose(self, events: Iterator[Any]) -> Node | None:
        documents = 0
        for event in events:
            location = Location(self.shown, event.start_mark.line + 1, event.start_mark.column + 1)
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._refuse(location, "a second document begins here", "keep one document a file, without `---`")
                if event.version or event.tags:
                    self._refuse(location, "directives are not allowed", "remove the lines that begin with %")
            elif isinstance(event, AliasEvent):
                self._refuse(location, f"aliases are not allowed (*{event.anchor})", "write the value out")
            elif isinstance(event, (ScalarEvent, SequenceStartEvent, MappingStartEvent)):
                self._open(event, location)
            elif isinstance(event, (SequenceEndEvent, MappingEndEvent)):
                self.stack.pop()
        return self.root

    def _refuse(self, location: Location, message: str, remedy: str) -> None:
        raise ScenarioError(*self.problems, location.problem(message, remedy))

    def _open(self, event: Any, location: Location) -> None:
        self.values += 1
        if self.values > MAX_VALUES:
            self._refuse(location, f"it holds more than {MAX_VALUES} values", "a scenario needs a few hundred")
        if event.anchor is not None:
            self.problems.append(location.problem(f"anchors are not allowed (&{event.anchor})", "remove the anchor"))
        if event.tag is not None:
            self.problems.append(location.problem(f"tags are not allowed ({event.tag})", "remove the tag"))
        inside = self.stack[-1] if self.stack else None
        if inside and isinstance(inside.node.value, dict) and inside.key is None:
            inside.key, inside.key_location = self._key(event, location), location
            return
        if isinstance(event, ScalarEvent):
            self._put(Node(self._scalar(event, location), location))
            return
        if len(self.stack) >= MAX_DEPTH:
            self._refuse(location, f"it nests deeper than {MAX_DEPTH} levels", "a scenario needs five")
        node = Node([] if isinstance(event, SequenceStartEvent) else {}, location)
        self._put(node)
        self.stack.append(_Open(node))

    def _put(self, node: Node) -> None:
        if not self.stack:
            self.root = node
            return
        inside = self.stack[-1]
        if isinstance(inside.node.value, list):
            inside.node.value.append(node)
        elif isinstance(inside.node.value, dict) and inside.key is not None and inside.key_location is not None:
            node.key_location = inside.key_location
            first = inside.node.value.setdefault(inside.key, node)
            if first is not node and first.key_location is not None:
                remedy = f"keep one; the first is on line {first.key_location.line}"
                self.problems.append(inside.key_location.problem(f"the key '{inside.key}' is given twice", remedy))
            inside.key = None

    def _key(self, event: Any, location: Location) -> str:
        if not isinstance(event, ScalarEvent):
            self._refuse(location, "a key must be a plain word", "remove the brackets, or quote the key")
        if event.value == "<<" and not event.style:
            self._refuse(location, "merge keys are not allowed", "write the fields out, or use `extends`")
        if event.value == "":
            self._refuse(location, "a key is missing before the colon", "write `key: value`")
        key = str(event.value)
        if key != key.strip() and not event.style:
            odd = key[0] if key[0].isspace() else key[-1]
            message = f"a blank that YAML does not know (U+{ord(odd):04X}) stands beside the key '{key.strip()}'"
            self._refuse(location, message, "write ordinary blanks")
        return key

    def _scalar(self, event: Any, location: Location) -> Scalar:
        text = str(event.value)
        if odd := next((letter for letter in text if _unprintable(letter)), ""):
            message = f"the text holds U+{ord(odd):04X}, which no screen can show"
            self.problems.append(location.problem(message, "write it without"))
        if event.style:  # quoted or block: always text
            return text
        try:
            return resolve(text)
        except ValueError as error:
            self.problems.append(location.problem(f"{text[:40]} {error}", "write an ordinary number"))
            return 0


def _unprintable(letter: str) -> bool:
    """Whether a character moves cursors or colours of a terminal, turns what follows round, or is half of one."""
    turns = unicodedata.bidirectional(letter) in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
    return (unicodedata.category(letter) in ("Cc", "Cs") and letter not in "\n\t") or turns


_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_DECIMAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_WORDS = {"": None, "~": None, "null": None, "Null": None, "NULL": None} | {
    word: truth == "true" for truth in ("true", "false") for word in (truth, truth.title(), truth.upper())
}


def resolve(text: str) -> Scalar:
    """A plain scalar by the core schema of YAML 1.2, in which `NO` is text.

    Raises ValueError for a number that is not finite or has too many digits.
    """
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        if len(text) > MAX_DIGITS:
            raise ValueError("has too many digits")
        return int(text, 0) if text.startswith(("0o", "0x")) else int(text)
    if _NOT_FINITE.fullmatch(text):
        raise ValueError("is not a finite number")
    if _DECIMAL.fullmatch(text):
        number = float(text)
        if number in (float("inf"), float("-inf")):
            raise ValueError("is not a finite number")
        return number
    return text
