"""A number and its noun agree: "1 text", "2 texts", by `counted`."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from sco_sim import __file__ as here

PACKAGE = Path(here).parent
NOUN = re.compile(r" (?:[a-z]+ ){0,2}?(?!this\b|less\b|is\b|as\b|has\b|was\b|does\b)[a-z]{2,}s\b")


def counts(node: ast.expr) -> bool:
    """Whether what is formatted is the length of something."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "len"


def faults(tree: ast.AST) -> list[str]:
    """Lengths that an f-string puts before a plural noun, whatever they are."""
    out = []
    for text in ast.walk(tree):
        if isinstance(text, ast.JoinedStr):
            for value, after in zip(text.values, text.values[1:], strict=False):
                if isinstance(value, ast.FormattedValue) and isinstance(after, ast.Constant) and counts(value.value):
                    words = NOUN.match(str(after.value))
                    out += [f"line {text.lineno}: {ast.unparse(value.value)}{words[0]}"] if words else []
    return out


def test_a_length_before_a_noun_is_counted() -> None:
    """Catches "of 1 texts" and "1 texts are no proof" anywhere in the package."""
    wrong = [
        f"{path.relative_to(PACKAGE)} {fault}"
        for path in sorted(PACKAGE.rglob("*.py"))
        for fault in faults(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert not wrong, "use counted():\n" + "\n".join(wrong)


def test_what_is_looked_for_is_seen() -> None:
    """Catches a search that sees nothing."""
    assert faults(ast.parse('f"of {len(texts)} texts"'))
    assert faults(ast.parse('f"{len(texts):,} security texts are no proof"'))
    assert not faults(ast.parse("f\"{counted(len(texts), 'text')} of {len(texts)} is\""))
