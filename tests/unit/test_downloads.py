"""Downloads as they come: recognised by their columns, units converted; and files of one's own that go wrong."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sco_sim.case.case import Case
from sco_sim.case.downloads.download import CIF, FOB, RECONCILED
from sco_sim.case.downloads.recognise import read_download
from sco_sim.case.filters import filter_trade, observed_flows
from sco_sim.case.state_names import StateNames
from sco_sim.commands.new_case import trade_tables
from sco_sim.errors import CaseError, ScenarioError
from sco_sim.evidence.hindcast.userfile import read_gdp, read_observations
from sco_sim.scenario.load import load_scenario
from sco_sim.world.ties import Ties
from tests.unit.command_line import call, fine, parsed

NAMES = StateNames()
BANK = (
    '"Data Source","World Development Indicators",\n\n"Last Updated Date","2025-01-28",\n\n'
    '"Country Name","Country Code","Indicator Name","Indicator Code","2018","2019","2020",\n'
    '"China","CHN","GDP (current US$)","NY.GDP.MKTP.CD","13894907857880.6","14279968506222.1","..",\n'
    '"Euro area","EMU","GDP (current US$)","NY.GDP.MKTP.CD","1","2","3",\n'
)
DATABANK = (
    "Country Name,Country Code,Series Name,Series Code,2018 [YR2018],2019 [YR2019]\n"
    'China,CHN,"Population, total",SP.POP.TOTL,1402760000,..\n,,,,,\n'
    "Data from database: World Development Indicators,,,,,\n"
)
IMF_LONG = (
    "Country Name,Country Code,Indicator Name,Indicator Code,Counterpart Country Name,Counterpart Country Code,"
    "Time Period,Value,Status\n"
    '"China, P.R.: Mainland",924,"Goods, Value of Exports, Free on board (FOB), US Dollars",TXG_FOB_USD,'
    "Russian Federation,922,2019,49742000000,\n"
    '"China, P.R.: Mainland",924,"Goods, Value of Exports, Free on board (FOB), US Dollars",TXG_FOB_USD,'
    "Russian Federation,922,2019M1,4974200000,\n"
    'Russian Federation,922,"Goods, Value of Imports, Cost, Insurance, Freight (CIF), US Dollars",TMG_CIF_USD,'
    '"China, P.R.: Mainland",924,2019,54127000000,\n'
    'Russian Federation,922,"Goods, Value of Trade Balance, US Dollars",TBG_USD,'
    '"China, P.R.: Mainland",924,2019,-5,\n'
)
IMF_WIDE = (
    "COUNTRY,INDICATOR,COUNTERPART_COUNTRY,FREQUENCY,SCALE,2018,2019\n"
    '"China, People\'s Republic of","Exports of goods, Free on board (FOB), US dollar",Russian Federation,Annual,'
    "Millions,48005,49742\n"
)
BACI = (
    "t,i,j,k,v,q\n2019,156,643,010121,16.5,1\n2019,156,643,010129,100.5,NA\n"
    "2019,842,699,010129,7,\n2019,699,842,1,0,1\n2019,156,999,1,3,1\n"
)
MADE_OF_BOTH = {("CHN", "RUS", 2019): {RECONCILED: 117.0}, ("USA", "IND", 2019): {RECONCILED: 7.0}}
COMTRADE = (
    "typeCode,freqCode,refPeriodId,refYear,refMonth,period,reporterCode,reporterISO,flowCode,partnerCode,partnerISO,"
    "partner2Code,cmdCode,motCode,primaryValue\n"
    "C,A,20190101,2019,52,2019,156,CHN,X,643,RUS,0,TOTAL,0,49742000000\n"
    "C,A,20190101,2019,52,2019,156,CHN,X,643,RUS,0,27,0,1000\n"
    "C,A,20190101,2019,52,2019,156,CHN,X,643,RUS,36,TOTAL,0,5000\n"
    "C,A,20190101,2019,52,2019,643,RUS,M,156,CHN,0,TOTAL,0,54127000000\n"
    "C,A,20190101,2019,52,2019,643,RUS,M,0,W00,0,TOTAL,0,1\n"
)
OLD_COMTRADE = (
    "Classification,Year,Period,Trade Flow Code,Trade Flow,Reporter Code,Reporter,Reporter ISO,Partner Code,Partner,"
    "Partner ISO,Commodity Code,Commodity,Trade Value (US$)\n"
    "HS,2019,2019,2,Export,156,China,CHN,643,C\xf4te,RUS,TOTAL,All Commodities,49742000000\n"
)
GEODIST = (
    "iso_o,iso_d,contig,comlang_off,comlang_ethno,colony,dist,distcap,distw\n"
    "CHN,RUS,1,0,0,0,5801.8,5799.1,4872.5\nRUS,CHN,1,0,0,0,5801.8,5799.1,4872.7\n"
)


def written(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "download.csv"
    path.write_text(text, encoding=encoding)
    return path


def test_a_wide_table_of_the_world_bank(tmp_path: Path) -> None:
    found = read_download(written(tmp_path, BANK), NAMES)
    assert found is not None
    assert found.states == {"gdp_current_usd": {("CHN", 2018): 13894907857880.6, ("CHN", 2019): 14279968506222.1}}
    assert found.skipped == {"EMU"}
    again = read_download(written(tmp_path, DATABANK), NAMES)
    assert again is not None
    assert again.states == {"population_persons": {("CHN", 2018): 1402760000.0}}


@pytest.mark.parametrize(("code", "iso"), [("XKX", "XKX"), ("KSV", "XKX"), ("ROM", "ROU"), ("ZAR", "COD")])
def test_codes_of_the_world_bank_that_are_none_of_iso(code: str, iso: str, tmp_path: Path) -> None:
    """Catches Kosovo, and states of older files, left out as areas that are none."""
    found = read_download(written(tmp_path, BANK.replace("CHN", code)), NAMES)
    assert found is not None
    assert {state for state, _ in found.states["gdp_current_usd"]} == {iso}


@pytest.mark.parametrize("text", [BANK.replace('"2018"', '"x"').replace("NY.GDP.MKTP.CD", "SH.DYN.MORT")])
def test_an_indicator_that_a_case_does_not_use(text: str, tmp_path: Path) -> None:
    with pytest.raises(CaseError, match=r"SH\.DYN\.MORT, which a case does not use"):
        read_download(written(tmp_path, text), NAMES)


@pytest.mark.parametrize(
    ("text", "trade", "unit"),
    [
        (IMF_LONG, {("CHN", "RUS", 2019): {FOB: 49742000.0, CIF: 54127000.0}}, "USD written as thousands"),
        (
            IMF_WIDE,
            {("CHN", "RUS", 2018): {FOB: 48005000.0}, ("CHN", "RUS", 2019): {FOB: 49742000.0}},
            "millions of USD written as thousands",
        ),
        (
            BACI,
            MADE_OF_BOTH,
            "products added up",
        ),
        (COMTRADE, {("CHN", "RUS", 2019): {FOB: 49742000.0, CIF: 54127000.0}}, "USD written as thousands"),
        (OLD_COMTRADE, {("CHN", "RUS", 2019): {FOB: 49742000.0}}, "USD written as thousands"),
        (
            BACI.replace(",", ";"),
            MADE_OF_BOTH,
            "BACI",
        ),
    ],
)
def test_trade_files(text: str, trade: dict[object, object], unit: str, tmp_path: Path) -> None:
    found = read_download(written(tmp_path, text, "latin-1"), NAMES)
    assert found is not None
    assert found.trade == trade
    assert unit in found.line()


def test_reports_and_figures_made_of_both_stand_in_their_own_tables(tmp_path: Path) -> None:
    """Catches BACI written as the report of one end, and one download that wipes out another of the same flows."""
    downloads = []
    for number, text in enumerate((COMTRADE, BACI)):
        (tmp_path / str(number)).mkdir()
        download = read_download(written(tmp_path / str(number), text), NAMES)
        assert download is not None
        downloads.append(download)
    for some in (downloads, downloads[::-1]):
        tables = trade_tables(some)
        assert tables["trade_reports"][1:] == [
            ("CHN", "RUS", 2019, "49742000", "UN Comtrade", "54127000", "UN Comtrade")
        ]
        assert tables["trade_reconciled"][1:] == [
            ("CHN", "RUS", 2019, "117", "reconciled", "CEPII BACI"),
            ("USA", "IND", 2019, "7", "reconciled", "CEPII BACI"),
        ]


def test_products_of_several_levels_are_refused(tmp_path: Path) -> None:
    text = COMTRADE.replace("TOTAL", "01").replace(",27,", ",2701,")
    with pytest.raises(CaseError, match="products of several levels would be counted twice"):
        read_download(written(tmp_path, text), NAMES)


def test_distances(tmp_path: Path) -> None:
    found = read_download(written(tmp_path, GEODIST), NAMES)
    assert found is not None
    assert found.ties["CHN", "RUS"]["distance_km"] == pytest.approx(4872.6)
    assert found.ties["CHN", "RUS"]["land_border"] == 1.0


def test_a_cell_that_is_no_number_has_its_line(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match=r":6: 2018: .*is no number"):
        read_download(written(tmp_path, BANK.replace("13894907857880.6", "much")), NAMES)


def test_a_file_of_nobodys(tmp_path: Path) -> None:
    assert read_download(written(tmp_path, "a,b\n1,2\n"), NAMES) is None


def test_hindcast_takes_downloads_and_reports_the_conversion(tmp_path: Path) -> None:
    lines: list[str] = []
    case = Case()
    own = read_observations(written(tmp_path, IMF_LONG), case, lines.append)
    flows = observed_flows(case, case.ledger, range(2019, 2020)).set_index(["iso3_o", "iso3_d"])["value"]
    there = (49742e6 * 54127e6 / 1.06) ** 0.5  # the way back is not in the file: it is the one the case knows
    assert own.rows["trade"][("CHN", "RUS"), 2019] == pytest.approx(there + 1000.0 * flows["RUS", "CHN"])
    assert own.alone == {(("CHN", "RUS"), 2019)}
    gdp = read_gdp(written(tmp_path, BANK), case, lines.append)
    assert list(gdp["year"]) == [2018, 2019]
    assert ["IMF" in lines[0], "World Bank" in lines[1]] == [True, True]


HEADER = "iso3_a,iso3_b,year,channel,value\n"
MILLIONS = "CHN,RUS,2021,trade,146900\nCHN,KAZ,2021,trade,25250\nCHN,KGZ,2021,trade,7557\nRUS,KAZ,2021,trade,24200\n"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (HEADER + MILLIONS, 2, "trade is about a millionth of 2020 in all four ties; million USD?"),
        (HEADER + "CHN,RUS,2021,trade,146900000000\nCHN,KAZ,2021,trade,25250\nCHN,IND,2021,trade,1e11\n", 3,
         "trade of CHN-KAZ is about a millionth of 2020; million USD?"),
        ((HEADER + MILLIONS).replace(",", ";"), 1, "the cells are divided by semicolons"),
        ((HEADER + MILLIONS).replace(",", "\t"), 1, "the cells are divided by tabs"),
        (HEADER.upper() + MILLIONS, 1, "the column 'ISO3_A' is not written as 'iso3_a'"),
        (HEADER + 'CHN,RUS,2021,trade,"146,900,000,000"\n', 2, "write 146900000000 without commas"),
        (HEADER + "CHN,RUS,2090,trade,240000000000\n", 2, "year 2090 lies ahead"),
        (HEADER + "CHN,RUS,2021,trade,..\n", 2, "leave the row out where nothing is known"),
        (HEADER + "CHN,RUS,2019,students,0.02\n", 2, "students is about a million"),
    ],
)  # fmt: skip
def test_observations_that_go_wrong(text: str, line: int, words: str, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as error:
        read_observations(written(tmp_path, text), Case())
    assert words in str(error.value)
    assert error.value.problems[0].line == line


def test_right_observations_are_read(tmp_path: Path) -> None:
    text = HEADER + "CHN,RUS,2021,trade,146900000000\nCHN,KAZ,2021,trade,25250000000\n"
    own = read_observations(written(tmp_path, text), Case())
    assert len(own.rows["trade"]) == 2
    assert own.alone == set(own.rows["trade"])
    second = HEADER.replace("value", "value,second_report") + "CHN,RUS,2021,trade,146900000000,140000000000\n"
    twice = read_observations(written(tmp_path, second), Case())
    assert twice.rows["trade"][("CHN", "RUS"), 2021] == pytest.approx((146.9e9 * 140e9) ** 0.5)
    assert not twice.alone


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("iso3,year,gdp_current_usd\nCHN,2019,1.4e13\nCHN,2019,1.4e13\n", "CHN 2019 stands in line 2 already"),
        ("iso3,year,gdp_current_usd\nCHN,2019,1.4e7\nRUS,2019,1.7e6\n", "about a millionth of 2019 in all two states"),
        ("iso3,year,gdp_current_usd\nCHN,2019,0\n", "is not above zero"),
    ],
)
def test_gdp_that_goes_wrong(text: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=words):
        read_gdp(written(tmp_path, text), Case())


@pytest.mark.slow
def test_the_club_runs_with_no_edit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = call("new", "case", "club")
    assert result.exit_code == 0, result.output
    assert "sco-sim compare" in result.output
    both = ["club/scenarios/baseline.yaml", "club/scenarios/cooperation.yaml"]
    assert call("validate", *both, "--case", "club").exit_code == 0
    result = call("compare", *both, "--case", "club", "--worlds", "8", "--no-figures")
    assert result.exit_code == 0, result.output
    assert call("new", "case", "club").exit_code == 4
    assert parsed("show", "club/scenarios/baseline.yaml", "--case", "club")["initial"][-2]["observed"] == 0
    table = fine("show", "club/scenarios/baseline.yaml", "--case", "club", "--only", "initial")
    assert re.search("Cities, twinned places +0 of 6 +never", table)


def test_names_are_of_the_case_first_and_shipped_scenarios_stand_on_its_baseline(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Catches `baseline` of another organisation, whose thirteen states the case does not have."""
    monkeypatch.chdir(tmp_path)
    fine("new", "case", "club")
    fine("validate", "baseline", "cooperation", "people_to_people", "--case", "club")
    states = ("ALA", "BOR", "CYR", "DOL")
    assert load_scenario("people_to_people", case="club").states == states
    (tmp_path / "mine.yaml").write_text("extends: baseline.yaml\n", encoding="utf-8")
    assert load_scenario("mine.yaml", case="club").states == states
    assert "PAK" in load_scenario("mine.yaml").states
    assert "scenarios known by name" in call("validate", "qqqqqq", "--case", "club").stderr


@pytest.mark.parametrize(
    ("scale", "value"), [("6", 2e6), ("Millions", 2e6), ("9", 2e9), ("0", 2.0), ("", 2.0), ("3", 2e3)]
)
def test_the_scale_of_the_imf_is_a_word_or_a_power_of_ten(scale: str, value: float, tmp_path: Path) -> None:
    text = f"Country Name,Counterpart Country Name,Indicator Code,UNIT_MULT,2019\nChina,India,TXG_FOB_USD,{scale},2\n"
    found = read_download(written(tmp_path, text), NAMES)
    assert found is not None
    assert found.trade == {("CHN", "IND", 2019): {FOB: pytest.approx(value / 1000.0)}}


def test_a_case_of_other_states_from_downloads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    head = "Country Name,Country Code,Indicator Name,Indicator Code," + ",".join(map(str, range(2010, 2021))) + "\n"
    gdp = {"IDN": 755e9, "MYS": 255e9, "THA": 341e9, "VNM": 147e9, "DEU": 3e12}
    people = {"IDN": 240e6, "MYS": 28e6, "THA": 68e6, "VNM": 88e6, "DEU": 8e7}

    def wide(name: str, indicator: str, values: dict[str, float], growth: float) -> None:
        rows = [
            f"Land,{iso},X,{indicator}," + ",".join(f"{first * growth**n:.0f}" for n in range(11))
            for iso, first in values.items()
        ]
        (tmp_path / name).write_text(head + "\n".join(rows) + "\n", encoding="utf-8")

    wide("gdp.csv", "NY.GDP.MKTP.CD", gdp, 1.05)
    wide("people.csv", "SP.POP.TOTL", people, 1.01)
    codes = (360, 458, 764, 704)
    baci = [f"{year},{i},{j},1,{5e6 + year},1" for year in range(2010, 2020) for i in codes for j in codes if i != j]
    (tmp_path / "baci.csv").write_text("t,i,j,k,v,q\n" + "\n".join(baci) + "\n", encoding="utf-8")
    command = ["new", "case", "region", "--states", "IDN,Malaysia,THA,VNM", "gdp.csv", "people.csv", "baci.csv"]
    result = call(*command)
    assert result.exit_code == 0, result.output
    assert "baci.csv: CEPII BACI, 120 trade flows by year" in result.output
    case = Case("region")
    assert list(case.table("states")["iso3"]) == ["IDN", "MYS", "THA", "VNM"]
    assert case.table("trade_reports").empty
    reconciled = case.table("trade_reconciled")
    assert len(reconciled) == 120
    assert set(reconciled["basis"]) == {"reconciled"}
    assert set(reconciled["source"]) == {"CEPII BACI"}
    ties = Ties(tuple(case.table("states")["iso3"]))
    years = [
        filter_trade(case.with_table("trade_reconciled", some), case.ledger, ties, 2019).sd
        for some in (reconciled, reconciled[reconciled["year"] == 2019])
    ]
    assert (years[0] < years[1]).all()  # every year counts, not the last alone
    assert case.ledger["growth.mean.IDN"].kind == "measured"
    result = call("validate", "region/scenarios/cooperation.yaml", "--case", "region")
    assert result.exit_code == 0, result.output
    result = call("run", "region/scenarios/baseline.yaml", "--case", "region", "--worlds", "4")
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["new", "case", "x", "a.csv"], "which states?"),
        (["new", "case", "x", "--states", "IDN,MYS"], "nothing is known of these states"),
        (["new", "case", "x", "--states", "IDN,Atlantis"], "no state 'Atlantis'"),
        (["new", "case", "x", "--states", "IDN,MYS", "a.csv"], "nobody's file that is known here"),
        (["new", "case", "x", "--states", "IDN,MYS", "none.csv"], "cannot be read"),
        (["new", "case", "x", "--states", "IDN,DEU", "bank.csv"], "no gdp_current_usd of DEU, IDN"),
    ],
)
def test_new_cases_that_go_wrong(
    command: list[str], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (tmp_path / "bank.csv").write_text(BANK, encoding="utf-8")
    result = call(*command)
    assert result.exit_code == 2, result.output
    assert words in result.output


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04\x9d\x81" + bytes(50), "is a workbook or a zip file"),
        (BANK.encode("utf-16"), "is in UTF-16"),
        (b"<!DOCTYPE html><html>denied</html>", "is a page of the web"),
        (b'{"error": 1}', "is JSON"),
        (BACI.replace("16.5,1", "16.5,1,0,7").encode(), ":2: 8 cells where the header has 6"),
        (b"t,i,j,k,v,q\n2019,156,643,1,1" + b"0" * 200_000 + b",1\n", "cannot be divided into cells"),
    ],
)
def test_what_is_no_table_is_told_as_what_it_is(content: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / "download.csv"
    path.write_bytes(content)
    with pytest.raises(CaseError, match=words):
        read_download(path, NAMES)


@pytest.mark.parametrize(("old", "new"), [("C,A,", "C,M,"), ("C,A,", "S,A,"), ("TOTAL,0,4974", "TOTAL,2100,4974")])
def test_a_part_of_a_flow_is_never_taken_for_the_whole(old: str, new: str, tmp_path: Path) -> None:
    download = read_download(written(tmp_path, COMTRADE.replace(old, new)), NAMES)
    assert download is not None
    assert ("CHN", "RUS", 2019) not in download.trade or FOB not in download.trade["CHN", "RUS", 2019]
    assert "rows of months or of parts of a flow left out" in download.line()


def test_exports_and_imports_in_two_files_are_both_kept(tmp_path: Path) -> None:
    lines = COMTRADE.splitlines(keepends=True)
    files = []
    for number, way in enumerate((",X,", ",M,")):
        files.append(tmp_path / f"{number}.csv")
        files[-1].write_text(lines[0] + "".join(line for line in lines[1:] if way in line), encoding="utf-8")
    downloads = [one for path in files if (one := read_download(path, NAMES))]
    (_, row) = trade_tables(downloads)["trade_reports"]
    assert row == ("CHN", "RUS", 2019, "49742000", "UN Comtrade", "54127000", "UN Comtrade")


def test_whose_gdp_ends_early_holds_back_the_start_and_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    head = "Country Name,Country Code,Indicator Name,Indicator Code,2013,2014,2015\n"
    gdp = "VEN,VEN,X,NY.GDP.MKTP.CD,3.7e11,4.8e11,..\nPER,PER,X,NY.GDP.MKTP.CD,2e11,2e11,1.9e11\n"
    people = "VEN,VEN,X,SP.POP.TOTL,3e7,3e7,3e7\nPER,PER,X,SP.POP.TOTL,3e7,3e7,3e7\n"
    (tmp_path / "bank.csv").write_text(head + gdp + people, encoding="utf-8")
    (tmp_path / "trade.csv").write_text(COMTRADE, encoding="utf-8")
    result = call("new", "case", "two", "--states", "PER,VEN", "bank.csv", "trade.csv", "bank.csv")
    assert result.exit_code == 0, result.output
    assert "warning: the scenarios start in 2014: GDP ends of Venezuela in 2014, of others in 2015" in result.output
    assert "warning: trade.csv: nothing in it is read" in result.output
