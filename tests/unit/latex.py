"""What every table of LaTeX has to be, checked without LaTeX."""

from __future__ import annotations

import re

COMMANDS = {
    "usepackage", "footnotesize", "begin", "end", "caption", "linewidth", "toprule", "midrule", "bottomrule",
    "endfirsthead", "endhead", "endfoot", "addlinespace", "multicolumn", "textbf", "raggedright", "textbackslash",
    "textasciitilde", "textasciicircum", "textless", "textgreater", "textbar",
}  # fmt: skip
"""All that is used; what is not of the packages named in the first line is LaTeX's own."""


def check_latex(text: str) -> list[list[str]]:
    """The cells of its rows; fails for an unescaped letter, an unknown command, braces or columns that do not match."""
    note, *lines = text.splitlines()
    assert note == r"% needs \usepackage{booktabs,longtable}"
    body = "\n".join(lines)
    assert set(re.findall(r"\\([a-zA-Z]+)", body)) <= COMMANDS
    bare = re.sub(r"\\[\\&%$#_{}*]|\\[a-zA-Z]+|\$-\$|@\{\}", "", body)
    assert not re.search(r'[$#_~^%<>|"]', bare), re.findall(r'.{0,20}[$#_~^%<>|"].{0,20}', bare)
    assert bare.count("{") == bare.count("}")
    (columns,) = re.findall(r"\\begin\{longtable\}\{@\{\}p\{[\d.]+\\linewidth\}(r+)@\{\}\}", body)
    rows = []
    for line in lines:
        if re.search(r"(?<!\\)&", line):
            assert line.endswith(r" \\"), line
            cells = re.split(r"(?<!\\)&", line.removesuffix(r"\\"))
            assert len(cells) == len(columns) + 1, line
            rows.append([cell.strip() for cell in cells])
    assert [body.count(rf"\{rule}") for rule in ("toprule", "midrule", "bottomrule")] == [2, 2, 1]
    assert rows
    return rows
