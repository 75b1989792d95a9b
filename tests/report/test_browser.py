"""The page in a browser: it asks for nothing, says nothing on the console, reads aloud, fits; its numbers are right.

Needs Chromium (Debian's `chromium`) and the extra `browser`; skipped with a reason where one of them is missing.
"""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sco_sim.report.files import write_report
from sco_sim.report.levers import levers
from sco_sim.scenario.load import load_scenario
from sco_sim.studies.comparison.compare import compare, read_comparison
from sco_sim.studies.sweep.stored_sweep import open_sweep
from sco_sim.studies.wording import amount
from tests.report.test_report import NASTY, SECTIONS
from tests.unit.command_line import fine
from tests.worlds import variant

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: apt-get install chromium"),
]
playwright = pytest.importorskip("playwright.sync_api", reason="the extra `browser` is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="the extra `browser` is not installed")
WIDTHS = (1280, 900, 400)
TRADE = "#differences-trade_total_busd"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


class Shown:
    """A page in a tab, with everything it asked for and said."""

    def __init__(self, browser: Any, path: Path, width: int = 1280, scheme: str = "light") -> None:
        self.path, self.asked, self.said = path, [], []
        self.tab = browser.new_page(
            viewport={"width": width, "height": 900}, color_scheme=scheme, accept_downloads=True
        )
        self.tab.on("request", lambda request: self.asked.append(request.url))
        self.tab.on("console", lambda message: self.said.append(message.text))
        self.tab.on("pageerror", lambda error: self.said.append(str(error)))
        self.tab.on("dialog", lambda dialog: (self.said.append(dialog.message), dialog.dismiss()))
        self.tab.goto(path.as_uri())
        self.tab.wait_for_function("document.body.dataset.ready === 'yes'")

    def quiet(self) -> bool:
        return self.said == [] and {url for url in self.asked if not url.startswith(("blob:", "data:"))} == {
            self.path.as_uri()
        }

    def fits(self) -> bool:
        scroll, inner = self.tab.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        return bool(scroll == inner)

    def reading(self, figure: str) -> tuple[int, list[str]]:
        values = self.tab.locator(f"{figure} .value").all_text_contents()
        return int(self.tab.locator(f"{figure} .year").text_content()), values


@pytest.fixture(scope="module")
def path(compared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_report(compared, tmp_path_factory.mktemp("browser") / "page.html")


@pytest.fixture(scope="module")
def shown(browser: Any, path: Path) -> Shown:
    return Shown(browser, path)


def table(compared: Path) -> dict[tuple[str, str, int], dict[str, Any]]:
    with (compared / "comparison.csv").open(encoding="utf-8", newline="") as file:
        return {(row["scenario"], row["outcome"], int(row["year"])): row for row in csv.DictReader(file)}


def words_of(row: dict[str, Any]) -> str:
    size, low, high, _ = amount(row)
    if not any(float(row[end]) for end in ("difference", "low_05", "high_95")):
        return "the same"
    return f"{'+' if float(row['difference']) > 0 else '-'}{size} ({low} to {high})"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_asks_for_nothing_fits_and_says_nothing(browser: Any, path: Path, scheme: str) -> None:
    """Catches a request to a host, a word on the console, a page that scrolls sideways, a section left out."""
    for width in WIDTHS:
        one = Shown(browser, path, width, scheme)
        one.tab.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        assert one.quiet(), (one.said, one.asked)
        assert one.fits(), width
        assert [anchor for anchor in SECTIONS if one.tab.locator(f"#{anchor}:visible").count() != 1] == []
        one.tab.close()


WIDE = "[...document.querySelectorAll('.scroll')].filter((each) => each.scrollWidth > each.clientWidth + 1).map((each) => each.closest('section').id)"  # noqa: E501


@pytest.mark.parametrize("width", [900, 400])
def test_no_table_is_wider_than_the_page(browser: Any, path: Path, swept: Path, compared: Path, width: int) -> None:
    """Catches a table that scrolls on half of a screen or on a telephone, and a caption that scrolls."""
    for page in (path, write_report(swept), write_report(compared / "runs" / "combined", path.parent / "run.html")):
        one = Shown(browser, page, width)
        one.tab.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        one.tab.wait_for_timeout(100)
        assert one.tab.evaluate(WIDE) == []
        assert one.tab.locator(".scroll .caption, .scroll caption").count() == 0
        one.tab.close()


def test_a_table_that_is_too_wide_is_a_list_with_its_headings_on_a_telephone(browser: Any, path: Path) -> None:
    """Catches a cell without its heading, rows of the map that come later, and a list on a wide screen or in print."""
    one = Shown(browser, path, 400)
    table = one.tab.locator("#agreements table").first
    assert "stack" in table.get_attribute("class")
    heads = table.locator("thead th").all_text_contents()[1:]
    row = table.locator("tbody tr:not(.group)").first
    assert [cell.get_attribute("data-head") for cell in row.locator("td").all()] == heads
    one.tab.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    one.tab.locator("#map-year").evaluate("(one) => { one.value = 0; one.dispatchEvent(new Event('input')); }")
    one.tab.wait_for_timeout(100)
    assert one.tab.locator("#map-table td:not([data-head])").count() == 0
    assert axe.Axe().run(one.tab).violations_count == 0
    one.tab.emulate_media(media="print")
    assert table.evaluate("(one) => getComputedStyle(one).display") == "table"
    one.tab.emulate_media(media="screen")
    one.tab.set_viewport_size({"width": 1000, "height": 900})
    one.tab.wait_for_timeout(100)
    assert "stack" not in table.get_attribute("class")
    one.tab.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_has_nothing_to_say(browser: Any, path: Path, swept: Path, compared: Path, scheme: str) -> None:
    """Catches text too pale, a figure without words, a control without a name."""
    pages = [path, write_report(swept), write_report(compared / "runs" / "combined", path.parent / "run.html")]
    for page in pages:
        one = Shown(browser, page, 900, scheme)
        one.tab.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        found = axe.Axe().run(one.tab)
        assert found.violations_count == 0, found.generate_report()
        one.tab.close()


def test_arrow_keys_and_the_pointer_read_the_numbers_of_the_table(shown: Shown, compared: Path) -> None:
    """Catches a year or a scenario beside the one that is read, by key and by hover."""
    rows, figure = table(compared), shown.tab.locator(TRADE)
    figure.focus()
    shown.tab.keyboard.press("Home")
    first, _ = shown.reading(TRADE)
    for year in (2030, 2035, 2040):  # the panels begin in 2026
        shown.tab.keyboard.press("Home")
        for _ in range(year - first):
            shown.tab.keyboard.press("ArrowRight")
        expected = [words_of(rows[name, "trade_total_busd", year]) for name in ("sister_cities", "combined")]
        assert shown.reading(TRADE) == (year, expected)
    shown.tab.keyboard.press("Home")
    shown.tab.keyboard.press("Escape")
    assert shown.reading(TRADE)[0] == 2040
    picture = shown.tab.locator(f"{TRADE} svg.panel")
    picture.scroll_into_view_if_needed()
    box = picture.bounding_box()
    for part in (0.2, 0.45, 0.7):
        shown.tab.mouse.move(box["x"] + part * box["width"], box["y"] + box["height"] / 2)
        year, values = shown.reading(TRADE)
        assert first <= year <= 2040
        if ("combined", "trade_total_busd", year) in rows:
            assert values[1] == words_of(rows["combined", "trade_total_busd", year])


def test_one_number_from_the_store_to_the_tooltip(shown: Shown, compared: Path, tmp_path: Path) -> None:
    """Catches a number that is rounded, scaled or paired otherwise on its way."""
    before, _, after = (
        run.metrics(years=[2040])["trade_total_busd"].to_numpy() for run in read_comparison(compared).runs
    )
    row = table(compared)["combined", "trade_total_busd", 2040]
    assert float(row["difference"]) == pytest.approx((after - before).mean(), rel=1e-9)
    with shown.tab.expect_download() as download:
        shown.tab.locator("#save-csv").click()
    download.value.save_as(tmp_path / "saved.csv")
    assert (tmp_path / "saved.csv").read_bytes() == (compared / "comparison.csv").read_bytes()
    words = words_of(row)
    group = shown.tab.locator(f"#table a[href='{TRADE}']").locator("xpath=ancestor::tbody")
    cells = group.locator("tr").nth(2).locator("td")  # below the outcome and the other scenario
    assert f"{cells.nth(0).text_content()} ({cells.nth(1).text_content()})" == words
    shown.tab.locator(TRADE).focus()
    shown.tab.keyboard.press("End")
    assert shown.reading(TRADE) == (2040, [shown.reading(TRADE)[1][0], words])
    assert words in shown.tab.locator(f"{TRADE} svg title").text_content()


def test_the_map_is_redrawn_as_it_was_drawn_and_reads_its_ties(browser: Any, path: Path, compared: Path) -> None:
    """Catches two rules for the width of a tie, a tie read as another, and controls that do nothing."""
    one = Shown(browser, path)
    looks = "[...document.querySelectorAll('#map .tie, #map .leg')].map((each) => [each.getAttribute('class'), each.getAttribute('stroke-width'), each.getAttribute('opacity')])"  # noqa: E501
    redraw = "document.querySelector('#map .controls').dispatchEvent(new Event('input'))"
    drawn = one.tab.evaluate(looks)
    one.tab.evaluate(redraw)
    assert one.tab.evaluate(looks) == drawn
    winners = read_comparison(compared).winners
    trade = winners[(winners["outcome"] == "trade") & (winners["scenario"] == "combined")]
    true = {f"{row['iso3_a']}-{row['iso3_b']}": float(row["difference"]) for row in trade.to_dict("records")}
    one.tab.select_option("#map-scenario", "2")
    one.tab.locator("#map-table summary").click()
    one.tab.locator("#map-table tbody tr").first.wait_for()  # the browser says later that the table was opened
    read = {
        row.locator("th").text_content(): float(row.locator("td").nth(2).text_content().replace(",", "").split(" ")[0])
        for row in one.tab.locator("#map-table tbody tr").all()
    }
    assert set(read) == set(true)
    assert all(read[tie] == pytest.approx(true[tie], abs=max(5e-5, 0.06 * abs(true[tie]))) for tie in true)
    one.tab.select_option("#map-state", "KAZ")
    text = one.tab.locator("#map-reading").text_content()
    largest = max((tie for tie in true if "KAZ" in tie), key=lambda tie: abs(true[tie]))
    assert text.startswith("2040, most of all: ")
    said = re.search(r": trade ([+-][\d.,]+) bn", text)
    assert said is not None
    assert float(said[1].replace(",", "")) == pytest.approx(true[largest], rel=0.06)
    for show in ("conflict_share_observed", "before", "after"):
        last = one.tab.evaluate(looks)
        one.tab.check(f"[name=map-show][value={show}]")
        assert one.tab.evaluate(looks) != last
    one.tab.locator("#map-year").focus()
    one.tab.keyboard.press("Home")
    assert one.tab.locator("#map-year-words").text_content() == "2026"
    one.tab.select_option("#map-state", "")
    box = one.tab.locator("#map-picture").bounding_box()
    middle = "(() => { const tie = document.querySelector('#map .tie'); const at = tie.getPointAtLength(tie.getTotalLength() / 2); return [at.x, at.y]; })()"  # noqa: E501
    x, y = one.tab.evaluate(middle)
    scale = box["width"] / 1000
    one.tab.mouse.move(box["x"] + x * scale, box["y"] + y * scale)
    assert "trade " in one.tab.locator("#map-reading").text_content()
    assert one.quiet(), one.said
    one.tab.close()


def test_hostile_titles_do_nothing_and_fit(browser: Any, tmp_path: Path) -> None:
    """Catches a title that runs, one of 200 characters that widens the page, and right to left that turns it."""
    said = {"title": NASTY[:-3] + "two", "question": NASTY}
    names = [variant("baseline", end=2025).model_copy(update={"name": name, **said}) for name in ("one", "two")]
    changed = names[1].model_copy(update={"rivals": variant("combined").rivals, "hazard_on": "level"})
    page = write_report(compare([names[0], changed], worlds=4, out=tmp_path / "two"))
    for width in WIDTHS:
        one = Shown(browser, page, width)
        assert one.quiet(), one.said
        assert one.fits(), width
        assert NASTY[:25] in one.tab.title()
        assert one.tab.evaluate("document.documentElement.dir + getComputedStyle(document.body).direction") == "ltr"
        one.tab.close()


def test_printed_everything_is_there(browser: Any, path: Path) -> None:
    one = Shown(browser, path)
    one.tab.pdf(path=str(path.with_suffix(".pdf")), format="A4")
    assert path.with_suffix(".pdf").stat().st_size > 50_000
    assert one.tab.locator("details:not(#map-table):not([open])").count() == 0
    one.tab.emulate_media(media="print")
    assert one.tab.locator(".controls:visible, .buttons:visible, nav:visible").count() == 0
    one.tab.close()


def test_other_folders_fit_and_say_nothing(browser: Any, swept: Path, compared: Path, tmp_path: Path) -> None:
    for page in (write_report(swept), write_report(compared / "runs" / "baseline", tmp_path / "run.html")):
        for width in WIDTHS:
            one = Shown(browser, page, width)
            assert one.quiet(), one.said
            assert one.fits(), width
            one.tab.close()


def test_levers_answer_from_what_is_stored(browser: Any, swept: Path, tmp_path: Path) -> None:
    """Catches a lever that shows another setting, a link that opens another, a slow answer and a guess given away."""
    page = write_report(swept)
    found = levers(open_sweep(swept))
    assert found is not None
    one = Shown(browser, page, 400)
    at = [title for title, _, _ in found.outcomes].index("Twinned places")
    row = f"[data-outcome='{at}'] .gap"
    assert one.tab.locator(row).text_content() == "the same"
    one.tab.locator("[data-lever='2']").focus()
    one.tab.keyboard.press("End")
    one.tab.select_option("[data-lever='0']", "1")
    cells = found.cells[found.points["0,1,0,1"]][0]
    assert one.tab.locator(row).text_content() == cells[at][4]
    took = "(() => { const before = performance.now(); document.getElementById('levers-controls').dispatchEvent(new Event('input')); document.body.offsetHeight; return performance.now() - before; })()"  # noqa: E501
    assert min(one.tab.evaluate(took) for _ in range(5)) < 100
    assert one.tab.url.endswith("#levers=0,1,0,1;2030")
    with one.tab.expect_download() as download:
        one.tab.locator("#lever-file").click()
    download.value.save_as(tmp_path / "scenario.yaml")
    fine("validate", tmp_path / "scenario.yaml")
    assert load_scenario(tmp_path / "scenario.yaml").decision_rule.key() == "opt_in"
    again = browser.new_page()
    again.goto(one.tab.url)
    again.wait_for_function("document.body.dataset.ready === 'yes'")
    assert again.locator(row).text_content() == cells[at][4]
    again.goto(page.as_uri() + "#levers=9,9,<script>;x")
    again.reload()
    again.wait_for_function("document.body.dataset.ready === 'yes'")
    assert again.locator(row).text_content() == "the same"
    again.close()
    one.tab.check("#lever-guess")
    assert not one.tab.locator("#lever-answer").is_visible()
    one.tab.locator("#lever-show").click()
    assert not one.tab.locator("#lever-answer").is_visible()
    sign = cells[0][3] * ((cells[0][0] > 0) - (cells[0][0] < 0))
    one.tab.check(f"[name=lever-expect][value='{sign}']")
    one.tab.locator("#lever-show").click()
    assert one.tab.locator("#lever-judged").text_content() == "As you expected."
    one.tab.locator("#lever-reset").click()
    assert not one.tab.locator("#lever-answer").is_visible()
    one.tab.uncheck("#lever-guess")
    assert one.tab.locator(row).text_content() == "the same"
    assert one.quiet(), one.said
    assert one.fits()
    one.tab.close()
