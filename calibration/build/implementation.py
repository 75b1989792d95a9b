"""What became of what was signed: dates of force, of ratification by members, and of projects; shares carried out."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from build.common import Row, Table, in_states, read

ORIGINAL_SIX = "CHN;KAZ;KGZ;RUS;TJK;UZB"
LINE_D = (
    "https://en.trend.az/casia/tajikistan/3857739.html ; "
    "https://wikisum.wiki/wiki/Central_Asia%E2%80%93China_gas_pipeline"
)


class Kept(NamedTuple):
    """What this project codes of an instrument of the collection."""

    key: str
    type: str
    parties: str
    payer: str = ""
    planned: str = ""
    note: str = ""
    pages: str = ""


INSTRUMENTS = {
    "Shanghai Convention on Terrorism Separatism and Extremism": Kept(
        "three_forces_convention", "treaty", ORIGINAL_SIX
    ),
    "Charter": Kept("charter", "treaty", ORIGINAL_SIX),
    "Treaty on Long-Term Good-Neighbourliness": Kept("good_neighbour_treaty", "treaty", ORIGINAL_SIX),
    "Convention against Terrorism": Kept("convention_against_terrorism", "treaty", ORIGINAL_SIX),
    "Agreement on Favourable Conditions for Road Transport": Kept(
        "road_transport_facilitation", "treaty", ORIGINAL_SIX
    ),
    "Convention on Countering Extremism": Kept(
        "extremism_convention", "treaty", ORIGINAL_SIX, note="date of force is that for Russia"
    ),
    "Protocol to the Agreement on Joint Exercises": Kept(
        "joint_exercises_protocol", "treaty", "CHN;IND;KAZ;KGZ;PAK;RUS;TJK;UZB", note="date of force not known"
    ),
    "Development Bank": Kept("development_bank", "institution", "", note="agreed in principle in 2012; none by 2024"),
    "Free trade area": Kept("free_trade_area", "institution", "", note="an aim since 2003; none by 2024"),
    "Shusha Declaration": Kept("shusha_declaration", "bilateral", "AZE;TUR"),
    "Treaty on Allied Relations KAZ-UZB": Kept("allied_relations_KAZ_UZB", "bilateral", "KAZ;UZB"),
    "Treaty on Allied Relations TJK-UZB": Kept("allied_relations_TJK_UZB", "bilateral", "TJK;UZB"),
    "Comprehensive Strategic Partnership RUS-IRN": Kept("partnership_IRN_RUS", "bilateral", "IRN;RUS"),
    "Security Guarantees BLR-RUS": Kept("security_guarantees_BLR_RUS", "bilateral", "BLR;RUS"),
    "State Border KGZ-TJK": Kept("state_border_KGZ_TJK", "bilateral", "KGZ;TJK"),
    "CASA-1000": Kept(
        "casa_1000", "project", "AFG;KGZ;PAK;TJK", "several", "2017",
        "lenders and buyers in several states; planned for 2016-17 and now for the end of 2026",
    ),
    "TAPI": Kept(
        "tapi", "project", "AFG;IND;PAK", "several", "2017",
        "three buyers, equal shares in the company; no gas by 2024",
        "https://report.az/en/energy/tapi-gas-pipeline/ ; https://oilandgasadvancement.com/?p=1305",
    ),
    "Central Asia-China gas line D": Kept(
        "gas_line_d", "project", "CHN;KGZ;TJK;UZB", "unsettled", "",
        "one buyer, but price and supply were never agreed; not built by 2024", LINE_D,
    ),
    "Central Asia-China gas lines A-C": Kept(
        "gas_lines_a_b", "project", "CHN;KAZ;UZB", "one", "2009", "China buys and pays; line C followed in 2014",
        "https://www.energy-daily.com/reports/Turkmenistan_To_Supply_Gas_To_China_From_2009.html",
    ),
    "Power of Siberia 1": Kept(
        "power_of_siberia", "project", "CHN;RUS", "one", "2019", "China buys and pays",
        "https://osw.waw.pl/en/publikacje/osw-commentary/2014-06-16/eastern-partnership-gas-gazprom-and-cnpc-strike-a-"
        "deal-gas",
    ),
}  # fmt: skip
"""Who is bound and who pays, coded from what was signed. Texts of other bodies and plans without parties are left out.

Parties are those of the day of signature among the states of the case: Turkmenistan is none. Who pays is coded from the
contracts, by hands that knew what became of them.
"""


def instruments(source: Path) -> Table:
    """Treaties, institutions and projects: when signed, when in force or in service, who pays."""
    columns = ("instrument", "type", "parties", "payer", "proposed", "signed", "planned", "in_force", "note", "source")
    rows: list[Row] = []
    for row in read(source, "stakes/implementation_instruments.csv"):
        kept = INSTRUMENTS.get(row["instrument"])
        if kept is not None:
            pages = " ; ".join(part for part in (row["source"], kept.pages) if part)
            pages = pages.replace("documents.csv of sco_sim", "see documents.csv")
            rows.append({
                "instrument": kept.key, "type": kept.type, "parties": kept.parties, "payer": kept.payer,
                "proposed": row["proposed"], "signed": row["signed"], "planned": kept.planned,
                "in_force": row["in_force"], "note": kept.note, "source": pages,
            })  # fmt: skip
    return Table("instruments", columns, ("instrument",), rows)


MEMBER_TEXTS = {
    "SCO Treaty on Long-Term Good-Neighbourliness": "good_neighbour_treaty",
    "SCO Convention against Terrorism": "convention_against_terrorism",
    "SCO Convention on Countering Extremism": "extremism_convention",
    "SCO Protocol on Joint Exercises": "joint_exercises_protocol",
    "SCO Protocol amending the Charter": "charter_protocol",
    "SCO Memorandum on Iran": "memorandum_iran",
}
BOUNDS = {"over": "over", "at most": "at_most", "about": "about"}


def ratifications(source: Path) -> Table:
    """Days from signature to ratification of the organisation's texts, by member."""
    columns = ("iso3", "instrument", "signed", "days", "bound", "source")
    rows: list[Row] = []
    for row in read(source, "stakes/ratification_by_member.csv"):
        if row["instrument"] in MEMBER_TEXTS and in_states(row, "iso3"):
            words = row["lag_days"]
            days = "".join(letter for letter in words if letter.isdigit())
            bound = next((word for text, word in BOUNDS.items() if text in words), "exact")
            rows.append({
                "iso3": row["iso3"], "instrument": MEMBER_TEXTS[row["instrument"]], "signed": row["signed"],
                "days": days, "bound": bound, "source": row["source"],
            })  # fmt: skip
    return Table("ratifications", columns, ("iso3", "instrument"), rows)


ADDED: tuple[Row, ...] = tuple(
    {"body": "ASEAN", "measure": measure, "period": "2008-2011", "value_percent": value, "judged_by": "itself",
     "source": "https://www.eastasiaforum.org/2012/06/01/a-critical-look-at-the-asean-economic-community-scorecard/"}
    for measure, value in (
        ("AEC targets due, all pillars", "67.5"), ("AEC targets due, least pillar", "65.9"),
        ("AEC targets due, best pillar", "85.7"),
    )
)  # fmt: skip
"""The scorecard that the ledger's ceiling of delivery is read from."""


def scorecards(source: Path) -> Table:
    """Shares of what other bodies agreed that was carried out."""
    columns = ("body", "measure", "period", "value_percent", "judged_by", "source")
    rows = [
        {"body": row["body"], "measure": row["measure"], "period": row["period"],
         "value_percent": row["value_percent"].removeprefix("over "), "judged_by": _judge(row), "source": row["source"]}
        for row in read(source, "stakes/scorecards.csv")
        if row["value_percent"] and row["body"] in ("ASEAN", "African Union")
    ]  # fmt: skip
    return Table("scorecards", columns, ("body", "period", "measure"), [*rows, *ADDED])


def _judge(row: Row) -> str:
    counted = row["body"] == "ASEAN" and row["note"] == "derived"
    return "itself" if counted or row["note"] == "self-reported" else "others"
