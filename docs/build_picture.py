"""Picture of what to take home, the answer and the map of a report, for the README: headless Chromium and nothing else.

sco-sim report results/first && python docs/build_picture.py results/first/report.html docs/figures/report.png
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

WIDTH = 1000
SHOWN = ("brief", "answer", "map")
"""Sections in the picture, below the title."""
STYLE = (
    "<style>nav, .questions, .controls, #map-table, .links, .skip, #map-reading { display: none !important }"
    f" section{''.join(f':not(#{name})' for name in SHOWN)} {{ display: none }} body {{ padding-bottom: 1rem }}</style>"
)
MEASURE = "<script>document.title = Math.ceil(document.body.getBoundingClientRect().height)</script></body>"


def chromium(*arguments: str) -> str:
    """What Chromium prints."""
    name = next((name for name in ("chromium", "chromium-browser", "google-chrome") if shutil.which(name)), None)
    if name is None:
        raise SystemExit("there is no Chromium here: apt-get install chromium")
    command = [name, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout


def main() -> None:
    """Write the picture."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("report", type=Path, help="A page that `sco-sim report` wrote.")
    parser.add_argument("out", type=Path, help="The PNG file.")
    arguments = parser.parse_args()
    text = arguments.report.read_text(encoding="utf-8")
    text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", text)  # its copy has a style of its own
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        page.write_text(text.replace("</head>", f"{STYLE}</head>").replace("</body>", MEASURE), encoding="utf-8")
        found = re.search(r"<title>(\d+)</title>", chromium(f"--window-size={WIDTH},800", "--dump-dom", page.as_uri()))
        if found is None:
            raise SystemExit(f"{arguments.report} is no report of a comparison")
        arguments.out.parent.mkdir(parents=True, exist_ok=True)
        chromium(
            f"--window-size={WIDTH},{int(found[1]) + 16}", f"--screenshot={arguments.out.resolve()}", page.as_uri()
        )  # fmt: skip
    print(arguments.out)


if __name__ == "__main__":
    main()
