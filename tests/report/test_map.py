"""The map of a report: where states and names stand, what land is drawn, and that its numbers are the stored ones."""

from __future__ import annotations

import math
import re
from pathlib import Path

import numpy as np
import pytest

from sco_sim.case.case import Site
from sco_sim.numerics.labels import CAPITAL, LETTER, Disc, labels
from sco_sim.report import ties
from sco_sim.report.geography import WIDTH, Ground, Projection
from sco_sim.report.map_svg import number, round_number, stroke_of_gap
from sco_sim.report.ties import CODES, NAMES, WIDE, tie_map
from sco_sim.studies.comparison.compare import read_comparison
from sco_sim.studies.comparison.verdict import settled
from sco_sim.studies.statistics import standard_error, standard_errors
from tests.worlds import CASE

EVERY = tuple(str(iso) for iso in CASE.table("states")["iso3"])
SCO = ("BLR", "CHN", "IND", "IRN", "KAZ", "KGZ", "PAK", "RUS", "TJK", "UZB")
ISLANDS = {
    "FJI": (-18.1, 178.4), "WSM": (-13.8, -171.8), "TON": (-21.1, -175.2), "NZL": (-41.3, 174.8), "PNG": (-9.4, 147.2),
    "KIR": (1.3, 173.0), "AUS": (-35.3, 149.1), "VUT": (-17.7, 168.3), "SLB": (-9.4, 160.0), "TUV": (-8.5, 179.2),
}  # fmt: skip
ASEAN = {
    "BRN": (4.9, 114.9), "KHM": (11.5, 104.9), "IDN": (-6.2, 106.8), "LAO": (18.0, 102.6), "MYS": (3.1, 101.7),
    "PHL": (14.6, 121.0), "SGP": (1.3, 103.8), "THA": (13.7, 100.5), "VNM": (21.0, 105.8),
}  # fmt: skip
ARCTIC = {"CAN": (45.4, -75.7), "RUS": (55.7, 37.6), "USA": (38.9, -77.0), "NOR": (59.9, 10.7), "ISL": (64.1, -21.9)}


def sites(places: dict[str, tuple[float, float]]) -> dict[str, Site]:
    return {iso: Site(f"Republic of {iso}", *where) for iso, where in places.items()}


GROUPS = {
    "sco": CASE.sites(SCO), "all": CASE.sites(EVERY), "islands": sites(ISLANDS), "asean": sites(ASEAN),
    "arctic": sites(ARCTIC),
}  # fmt: skip


def polygons(path: str) -> list[list[tuple[float, float]]]:
    """The rings of a path of moves and steps."""
    out = []
    for start, steps in re.findall(r"M([-\d ]+)l([-\d ]+)Z", path):
        x, y = (int(one) for one in re.findall(r"-?\d+", start))
        ring, values = [(x, y)], [int(one) for one in re.findall(r"-?\d+", steps)]
        for dx, dy in zip(values[::2], values[1::2], strict=True):
            x, y = x + dx, y + dy
            ring.append((x, y))
        out.append(ring)
    return out


def on_land(ground: Ground, x: float, y: float) -> bool:
    """By the rule of the picture: a line to the right meets an odd number of edges."""
    inside = "M-1-1H" in ground.land
    for ring in polygons(ground.land):
        for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1], strict=True):
            if (ay > y) != (by > y) and x < ax + (y - ay) / (by - ay) * (bx - ax):
                inside = not inside
    return inside


@pytest.mark.parametrize("group", GROUPS)
def test_states_and_names_are_in_the_picture_and_apart(group: str) -> None:
    """Catches names over one another or over a disc, at 1,000 and at 400 pixels, and states that are cut off."""
    ground = Ground(GROUPS[group])
    discs = [Disc(iso, site.name, *ground.where[iso], 9.0) for iso, site in GROUPS[group].items()]
    for text, size, letter in (("name", NAMES, LETTER), ("iso3", CODES, CAPITAL)):
        texts = {one.iso3: getattr(one, text) for one in discs}
        boxes = [one.box for one in labels(discs, texts, size, WIDTH, ground.height, letter)]
        assert len(boxes) == len(discs)
        assert not [1 for i, one in enumerate(boxes) for other in boxes[:i] if one.meets(other)]
        assert not [1 for one in boxes for disc in discs if one.meets(disc.box)]
        assert min(min(box.left, box.top) for box in boxes) >= 0
        assert max(box.right for box in boxes) <= WIDTH
        assert max(box.bottom for box in boxes) <= ground.height
    assert all(0 < x < WIDTH and 0 < y < ground.height for x, y in ground.where.values())
    assert ground.beyond == (("USA",) if group == "all" else ())


@pytest.mark.parametrize("group", GROUPS)
def test_no_coast_is_smeared(group: str) -> None:
    """Catches a ring torn at 180 degrees or at the point opposite the centre: only the frame has long edges."""
    ground = Ground(GROUPS[group])
    assert 300 < len(ground.land) < 12_000
    for ring in polygons(ground.land):
        for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1], strict=True):
            edge = any(ax == bx == one for one in (-1, WIDTH + 1)) or (ay == by and not 0 < ay < ground.height)
            assert edge or math.hypot(bx - ax, by - ay) < WIDTH / 3


@pytest.mark.parametrize(
    ("group", "latitude", "longitude", "land"),
    [
        ("islands", -17.85, 178.1, True), ("islands", -25.0, 135.0, True), ("islands", -10.0, 180.0, False),
        ("asean", 0.5, 113.5, True), ("asean", 12.0, 113.0, False), ("all", 28.0, 78.0, True),
        ("all", 0.0, 75.0, False), ("sco", 42.0, 51.0, False), ("sco", 50.0, 80.0, True),
        ("arctic", 75.0, -40.0, True), ("arctic", 50.0, -40.0, False),
    ],
)  # fmt: skip
def test_land_is_land_and_sea_is_sea(group: str, latitude: float, longitude: float, land: bool) -> None:
    """Catches land and sea swapped (the point opposite ASEAN is in Peru), Fiji lost, and a Caspian filled."""
    spots = {iso: (site.longitude, site.latitude) for iso, site in GROUPS[group].items()}
    extra = Site("spot", latitude, longitude)
    ground = Ground(GROUPS[group])
    projection = Projection.about(list(spots.values()))
    # the scale and shift of the picture, from two states that are inside of it
    (a, b) = sorted(set(spots) - set(ground.beyond))[:2]
    (ax, ay), (bx, _) = projection(*spots[a]), projection(*spots[b])
    scale = (ground.where[b][0] - ground.where[a][0]) / (bx - ax)
    x, y = projection(extra.longitude, extra.latitude)
    where = ground.where[a][0] + scale * (x - ax), ground.where[a][1] - scale * (y - ay)
    assert 0 < where[0] < WIDTH
    assert 0 < where[1] < ground.height
    assert on_land(ground, *where) is land


def test_areas_are_kept_and_the_dateline_is_no_seam() -> None:
    projection = Projection(179.0, 66.0)
    east, west = projection(-179.9, 66.0), projection(179.9, 66.0)
    assert math.dist(east, west) < 0.002
    cell = 0.01
    for latitude in (-50.0, 0.0, 60.0):
        steps = ((0.0, 0.0), (cell, 0.0), (cell, cell), (0.0, cell))
        corners = [projection(x, latitude + y) for x, y in steps]
        area = abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(corners, corners[1:] + corners[:1], strict=True))) / 2
        true = math.radians(cell) * (math.sin(math.radians(latitude + cell)) - math.sin(math.radians(latitude)))
        assert area == pytest.approx(true, rel=0.001)


@pytest.mark.parametrize(
    "places", [{"AAA": (math.nan, 3.0), "BBB": (2.0, 2.0), "CCC": (1.0, 1.0)}, {"AAA": (1.0, 1.0)}]
)
def test_without_coordinates_the_states_stand_on_a_ring(places: dict[str, tuple[float, float]]) -> None:
    ground = Ground(sites(places))
    assert not ground.mapped
    assert not ground.land
    assert len(set(ground.where.values())) == len(places)


def test_the_differences_of_the_map_are_those_of_winners(compared: Path) -> None:
    """Catches another tie, year, unit or sign than the table, and a settled sign that is not."""
    comparison = read_comparison(compared)
    one = tie_map(comparison, CASE.sites(SCO))
    assert one is not None
    winners = comparison.winners
    for run in (1, 2):
        name = comparison.runs[run].scenario.name
        rows = winners[(winners["outcome"] == WIDE) & (winners["scenario"] == name)]
        by_tie = {(row["iso3_a"], row["iso3_b"]): row for row in rows.to_dict("records")}
        assert set(by_tie) == set(one.ties)
        for index, tie in enumerate(one.ties):
            true, text = float(by_tie[tie]["difference"]), one.gaps[run - 1][WIDE][-1][index]
            assert number(text) == pytest.approx(true, abs=max(0.00005, 0.06 * abs(true)))
            assert (one.settled[run - 1][WIDE][-1][index] == "1") == settled(by_tie[tie])
    assert {leg.scenario for leg in one.legs} == {2}
    assert all(0.0 <= share <= 1.0 for leg in one.legs for share in leg.share)


def test_standard_errors_are_those_of_each_outcome() -> None:
    values = np.random.default_rng(1).normal(size=(30, 4, 5))
    for settings in (np.arange(30), np.arange(30)[::-1] // 3, np.zeros(30, dtype=int)):
        one_by_one = [[standard_error(values[:, i, j], settings) for j in range(5)] for i in range(4)]
        assert standard_errors(values, settings) == pytest.approx(np.array(one_by_one), nan_ok=True)


def test_widths_follow_the_numbers() -> None:
    from sco_sim.report.ties import Strokes

    rule = Strokes(8.0, (0.0, 12.0, 0.6), (0.9, 0.0, 1.0))
    assert stroke_of_gap(-8.0, True, rule) == (12.0, 0.9)
    assert stroke_of_gap(0.0, True, rule)[0] == 0.0
    assert stroke_of_gap(2.0, False, rule)[1] < 0.5
    assert [round_number(value) for value in (646.0, 5.0, 0.03, 0.0499)] == [500.0, 5.0, 0.02, 0.02]


def test_some_years_at_a_time_are_the_same_map(compared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches years out of order or left out where there are too many worlds to read them at once."""
    comparison = read_comparison(compared)
    whole = tie_map(comparison, CASE.sites(SCO))
    monkeypatch.setattr(ties, "MOST_READ", 4 * 8 * 45)
    assert tie_map(comparison, CASE.sites(SCO)) == whole
