"""Tables of LaTeX: every letter is printed as it is, columns match, and where there is a LaTeX it takes them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pandas as pd
import pytest

from sco_sim.studies.export_latex import ESCAPES, latex, latex_of_comparison, latex_of_levels
from tests.unit.latex import check_latex
from tests.unit.test_compare_screen import row

NASTY = 'A & B % $ # _ { } ~ ^ \\ < > | " \n done \\\\ & \\end{longtable}'
LATEX = shutil.which("pdflatex")


def tables() -> dict[str, str]:
    rows = [
        row("cohesion", NASTY, unit="0-1", difference=-0.02, low_05=-0.4, high_95=0.1, evidence="judgement"),
        row("trade_total_busd", NASTY, unit="bn USD of 2015", difference=1e-9, low_05=-2e-9, high_95=3e-9,
            evidence="fitted"),
        row("conflict_share_observed_mean", "plain", unit="share", difference=0.5, low_05=0.1, high_95=0.7,
            evidence="judgement"),
    ]  # fmt: skip
    frame = pd.DataFrame({"year": 2040, "students_total": [1.3e6, 1.4e6], "conflict_share_observed_mean": [0.02, 0.05]})
    units = {"students_total": "persons", "conflict_share_observed_mean": "share"}
    return {
        "nasty": latex((NASTY, "b", "c"), [(NASTY, [[NASTY, "-1.0", "-2 to +3"]]), ("", [["x", "", ""]])], NASTY),
        "graded": latex_of_comparison(pd.DataFrame(rows)),
        "of one grade": latex_of_comparison(pd.DataFrame([one | {"evidence": "fitted"} for one in rows])),
        "levels": latex_of_levels(frame, units, NASTY),
    }


@pytest.mark.parametrize("name", tables())
def test_a_table_has_its_columns_and_no_letter_that_latex_takes_otherwise(name: str) -> None:
    """Catches a title with `#` or a brace that ends the document, and a row with a cell too few."""
    rows = check_latex(tables()[name])
    assert not any("e+" in cell for cells in rows[2:] for cell in cells[1:]), "no powers of ten"


def test_minus_signs_and_escapes() -> None:
    rows = check_latex(tables()["nasty"])
    assert [cells[1:] for cells in rows[2:]] == [["$-$1.0", "$-$2 to +3"], ["", ""]]
    assert all(letter in NASTY for letter in ESCAPES)


@pytest.mark.slow
@pytest.mark.skipif(LATEX is None, reason="no LaTeX on this machine: apt-get install texlive-latex-recommended")
@pytest.mark.parametrize("name", tables())
def test_latex_takes_it(name: str, tmp_path: Path) -> None:
    """Catches a table that does not compile or is wider than a page."""
    head = r"\documentclass{article}\usepackage{booktabs,longtable}\begin{document}"
    (tmp_path / "page.tex").write_text(f"{head}\n{tables()[name]}\n\\end{{document}}\n", encoding="utf-8")
    command = [str(LATEX), "-interaction=nonstopmode", "-halt-on-error", "page.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False, timeout=120)
    words = done.stdout.decode("utf-8", errors="replace")
    assert done.returncode == 0, words[-2000:]
    assert "Overfull" not in words or name == "nasty"
