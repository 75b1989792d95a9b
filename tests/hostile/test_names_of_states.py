"""States that are typed by name or by another code: the remedy is the right code, never another state's."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from sco_sim.case.names import code_of, suggest
from sco_sim.case.read_catalog import read_catalog
from sco_sim.errors import Problem, ScenarioError
from sco_sim.scenario.load import load_scenario
from sco_sim.shipped import default_case
from tests.unit.calibration_tables import table

CATALOG = read_catalog(default_case())


def problems(folder: Path, text: str, *sets: str) -> list[Problem]:
    path = folder / "named.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path, sets)
    return list(caught.value.problems)


@pytest.mark.parametrize(
    ("spellings", "iso"),
    [
        (("Russia", "RU", "rus", "365", "Russian Federation", "the Russian Federation", "Россия"), "RUS"),
        (("KZ", "KZK", "705", "Kazakhstan", "Kazakhstan, Rep. of", "казахстан"), "KAZ"),
        (("KYR", "KG", "Kyrgyz Republic", "Kyrgyz Rep.", "Kirghizia"), "KGZ"),
        (("Türkiye", "Turkey", "Turkiye", "TR", "640"), "TUR"),
        (("Belarus", "BY", "370"), "BLR"),
        (("Iran, Islamic Rep.", "Islamic Republic of Iran", "IRI"), "IRN"),
        (("China", "PRC", "P.R. China", "China, P.R.: Mainland", "710", "中国"), "CHN"),
        (("UAE", "U.S.A.", "Burma"), ("ARE", "USA", "MMR")),
        (("RF", "РФ", "The Russian Federation"), "RUS"),
        (("КНР", "People's Republic of China", "Китайская Народная Республика"), "CHN"),  # noqa: RUF001 - Russian
        (("Republic of India", "Индия"), "IND"),
        (("Republic of Kazakhstan", "Kazakhstan, Republic of", "Республика Казахстан"), "KAZ"),
        (("Kyrgyz Republic", "Кыргызская Республика", "Republic of Kyrgyzstan"), "KGZ"),
        (("Islamic Republic of Afghanistan", "Исламская Республика Афганистан"), "AFG"),
        (("Republic of Belarus", "Республика Беларусь", "РБ"), "BLR"),
        (("Kingdom of Saudi Arabia", "State of Qatar", "Arab Republic of Egypt"), ("SAU", "QAT", "EGY")),
    ],
)
def test_usual_spellings_of_a_state_of_the_case(spellings: tuple[str, ...], iso: str | tuple[str, ...]) -> None:
    codes = iso if isinstance(iso, tuple) else (iso,) * len(spellings)
    for text, code in zip(spellings, codes, strict=True):
        assert code_of(text, CATALOG) == code
        assert suggest(text, CATALOG) == f"did you mean '{code}'?"


def test_no_code_or_name_of_the_world_is_taken_for_another_state() -> None:
    for row in table("state_names").itertuples():
        variants = row.variants.split(";") if isinstance(row.variants, str) else []
        for text in (row.iso3, row.name, *variants):
            states = CATALOG.names.meant(text)
            assert row.iso3 in states, text
            assert len(states) == 1 or text in variants, text
            if row.iso3 not in CATALOG.states:
                assert not suggest(text, CATALOG).startswith("did you mean"), text


@pytest.mark.parametrize(
    ("spellings", "states"),
    [
        (("Congo", "the Congo", "Конго", "刚果"), ("COD", "COG")),
        (("Korea", "Корея"), ("KOR", "PRK")),
        (("Virgin Islands",), ("VGB", "VIR")),
    ],
)
def test_a_name_of_two_states_is_never_taken_for_one_of_them(
    spellings: tuple[str, ...], states: tuple[str, ...]
) -> None:
    for text in spellings:
        assert CATALOG.names.meant(text) == states
        assert code_of(text, CATALOG) is None
        remedy = suggest(text, CATALOG)
        assert remedy.startswith("it can mean ")
        assert all(f"({iso})" in remedy for iso in states)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("Republic of China", "TWN"),
        ("Hong Kong, China", "HKG"),
        ("CAR", "CAF"),
        ("Western Samoa", "WSM"),
        ("Republic of Korea", "KOR"),
        ("Democratic Republic of Congo", "COD"),
        ("Republic of Congo", "COG"),
        ("Congo, Dem. Rep. of the", "COD"),
        ("Congo, Rep. of", "COG"),
        ("Equatorial Guinea, Rep. of", "GNQ"),
        ("Lao People's Dem. Rep.", "LAO"),
        ("South Sudan, Rep. of", "SSD"),
        ("Netherlands, The", "NLD"),
        ("Ethiopia, The Federal Dem. Rep. of", "ETH"),
        ("Marshall Isds", "MHL"),
        ("Comoros, Union of the", "COM"),
        ("Korea, Dem. People's Rep. of", "PRK"),
        ("China, Republic of", "TWN"),
        ("Andorra, Principality of", "AND"),
        ("Turkish Republic of Northern Cyprus", None),
        ("Republic of", None),
        ("Republic", None),
    ],
)
def test_a_full_name_is_not_cut_down_to_another_state(text: str, iso: str | None) -> None:
    """Catches `Republic of China` read as China once its form of state is taken off."""
    assert code_of(text, CATALOG) == iso


def test_the_names_that_publishers_write() -> None:
    """Catches a state of the World Bank, IMF, UN Comtrade or CEPII that is left out, or read as another one.

    Their lists, each name with the state of the converter `country_converter` 1.3 or the numeric code beside it; a cell
    without a state is an area that is none, or a state in former borders. `Congo` of the UN means COG, and its reader
    goes by the code.
    """
    with Path(__file__).with_name("names_of_publishers.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    read = {row["name"]: ";".join(CATALOG.names.meant(row["name"])) for row in rows}
    wrong = {row["name"]: read[row["name"]] for row in rows if read[row["name"]] != row["iso3"]}
    assert not wrong
    assert len(set(read.values())) > 240


def test_every_spelling_of_the_table_means_its_state() -> None:
    """Catches two states that fold to one spelling."""
    for row in table("state_names").itertuples():
        for text in (row.iso3, row.name, row.iso2):
            assert not isinstance(text, str) or CATALOG.names.meant(text) == (row.iso3,), text


def test_a_code_that_two_lists_give_to_two_states_is_the_one_of_iso() -> None:
    assert code_of("MNG", CATALOG) == "MNG"  # Montenegro's in COW
    assert suggest("AUS", CATALOG).startswith("it is Australia (AUS), which this case does not hold; known: AFG")


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("Rusia", "did you mean 'RUS'?"),
        ("Tajikstan", "did you mean 'TJK'?"),
        ("KXZ", "did you mean 'KAZ' or 'KGZ'?"),
        ("Irak", "it may mean Iran (IRN) or Iraq (IRQ); known: "),
        ("Georgia (the country)", "it may mean Georgia (GEO); known: "),
        ("Russia (without Crimea)", "did you mean 'RUS'?"),
        ("Korea, undivided", "it may mean South Korea (KOR) or North Korea (PRK); known: "),
        ("Slovak Repulbic", "it may mean Slovakia (SVK); known: "),
        ("Fmr Sudan", "it is Sudan (SDN) in former borders, which is another state; known: "),
        ("XYZ", "known: "),
    ],
)
def test_what_nobody_knows_is_matched_by_likeness(text: str, remedy: str) -> None:
    assert code_of(text, CATALOG) is None
    assert suggest(text, CATALOG).startswith(remedy)


def test_states_by_name(tmp_path: Path) -> None:
    text = "extends: baseline.yaml\nstates: [China, Russia, Belarus, Kazakhstan, Kyrgyz Republic, Türkiye, 365]\n"
    found = [p for p in problems(tmp_path, text) if p.file.endswith("named.yaml")]
    codes = ("CHN", "RUS", "BLR", "KAZ", "KGZ", "TUR", "RUS")
    assert [p.remedy for p in found] == [f"did you mean '{iso}'?" for iso in codes]
    assert {p.line for p in found} == {2}


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ("membership: {Mongolia: 2026}", "MNG"),
        ("policies: [sister_cities: {participants: [CHN, Russia]}]", "RUS"),
        ("policies: [sister_cities: {proposer: Kazakhstan}]", "KAZ"),
        ("events: [dispute: {between: [KYR, TJK], year: 2026}]", "KGZ"),
        ("events: [sanctions: {target: Russia, senders: [CHN], start: 2026}]", "RUS"),
        ("decision_rule: {leaders_pay: {leaders: [China]}}", "CHN"),
        ("agenda: {per_summit: 2, chairs: [RU]}", "RUS"),
        ("agenda: {per_summit: 2, chairs: [RUS], priorities: {Russia: [culture]}}", "RUS"),
        ("budget: {total_musd: 100000, key: {CHN: 0.5, Russia: 0.5}}", "RUS"),
    ],
)
def test_everywhere_a_state_is_named(tmp_path: Path, lines: str, code: str) -> None:
    found = problems(tmp_path, f"extends: baseline.yaml\n{lines}\n")
    assert [p.remedy for p in found] == [f"did you mean '{code}'?"], found


def test_on_the_command_line(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, "extends: baseline.yaml\n", "membership.Mongolia=2026")
    assert (found.file, found.remedy) == ("--set membership.Mongolia", "did you mean 'MNG'?")


def test_a_case_can_hold_names_of_its_own(tmp_path: Path) -> None:
    from sco_sim.case.state_names import StateNames

    head = "iso3,iso2,cow_code,cow_number,name,variants\n"
    (tmp_path / "state_names.csv").write_text(head + "UTO,UT,,,Utopia,No Place;Nowhere\n", encoding="utf-8")
    names = StateNames({"UTO": "Utopia"}, tmp_path)
    assert names.codes["nowhere"] == names.codes["ut"] == "UTO"
    assert names.codes["russia"] == "RUS"
