"""Tables of what moves from one state to another: goods, students, people, visits."""

from __future__ import annotations

from pathlib import Path

from build.common import Row, Table, in_states, read, whole

LAST_TRADE_YEAR = 2020
LAST_STOCK_YEAR = 2024
PARTIAL = "recent/trade_dyad_year_2021_2022.csv"

FILLED = {"KREMLIN_NOTE": "one_office", "TJK_STAT": "one_office", "IMPUTED_SPLIT": "split"}
"""How a flow that no reconciled table has was found: by the source word of the raw table."""

# A judgement of this project: how open a border is to a tourist, from 0 (closed or a visa in advance) to 1.
OPENNESS = {
    "visa_free": "1.00",
    "visa_on_arrival": "0.75",
    "voa_or_eta": "0.75",
    "eta": "0.75",
    "eta_or_e_visa": "0.50",
    "e_visa": "0.50",
    "visa_required": "0.00",
    "special_permit": "0.00",
    "no_admission": "0.00",
    "covid_ban": "",
}


def trade_reports(source: Path) -> Table:
    """The two reports of each flow of goods, in thousands of current USD.

    After LAST_TRADE_YEAR few states had reported when the sources were copied: a flow is kept only where both reports
    stand, so that a gap is not read as a fall.
    """
    rows: list[Row] = []
    both = [row for row in read(source, PARTIAL) if row["exp_fob_usd"] and row["imp_cif_usd"]]
    for row in [*read(source, "trade/trade_dyad_year.csv"), *both]:
        if not in_states(row, "iso3_o", "iso3_d") or (int(row["year"]) > LAST_TRADE_YEAR and row not in both):
            continue
        exporter, importer = _thousands(row["exp_fob_usd"]), _thousands(row["imp_cif_usd"])
        if exporter or importer:
            rows.append(
                {
                    "iso3_o": row["iso3_o"],
                    "iso3_d": row["iso3_d"],
                    "year": row["year"],
                    "exporter_fob_kusd": exporter,
                    "exporter_source": row["exp_source"] if exporter else "",
                    "importer_cif_kusd": importer,
                    "importer_source": row["imp_source"] if importer else "",
                }
            )
    columns = (
        "iso3_o", "iso3_d", "year", "exporter_fob_kusd", "exporter_source", "importer_cif_kusd",
        "importer_source",
    )  # fmt: skip
    return Table("trade_reports", columns, ("iso3_o", "iso3_d", "year"), rows)


def trade_reconciled(source: Path) -> Table:
    """One number a flow, in thousands of current USD, where no pair of reports is at hand.

    `reconciled` rows are CEPII BACI's, made of both reports; `one_office` rows are one statistics office as quoted in
    the press; `split` rows are half a quoted turnover each way, divided as in earlier years. All others stay unknown.
    """
    rows: list[Row] = []
    for row in read(source, "recent/trade_reports_2023.csv"):
        if in_states(row, "iso3_o", "iso3_d"):
            how = "reconciled" if row["exporter_source"] == "BACI" else FILLED[row["exporter_source"]]
            rows.append(
                {
                    "iso3_o": row["iso3_o"],
                    "iso3_d": row["iso3_d"],
                    "year": row["year"],
                    "fob_kusd": row["exporter_fob_kusd"],
                    "basis": how,
                    "source": "BACI_HS22_V202501" if how == "reconciled" else row["exporter_source"],
                }
            )
    columns = ("iso3_o", "iso3_d", "year", "fob_kusd", "basis", "source")
    return Table("trade_reconciled", columns, columns[:3], rows)


def _thousands(cell: str) -> str:
    """Thousands of USD. A printed 0.0 is a rounding zero and stays blank; a flow under 500 USD becomes 1."""
    if not cell or float(cell) == 0:
        return ""
    return str(max(1, round(float(cell) / 1000)))


def students(source: Path) -> Table:
    """Foreign students: for each origin and destination the one source with most years, then the latest."""
    series: dict[tuple[str, str], dict[str, list[Row]]] = {}
    for row in read(source, "people/students_od.csv"):
        if in_states(row, "iso3_origin", "iso3_destination") and row["flag"] != "zero_or_missing":
            sources = series.setdefault((row["iso3_origin"], row["iso3_destination"]), {})
            sources.setdefault(row["source"], []).append(row)
    rows: list[Row] = []
    for sources in series.values():
        name = max(sorted(sources), key=lambda name: (len(sources[name]), max(row["year"] for row in sources[name])))
        rows += [
            {
                "iso3_origin": row["iso3_origin"],
                "iso3_destination": row["iso3_destination"],
                "year": row["year"],
                "students_persons": whole(row["students"]),
                "source": name,
            }
            for row in sources[name]
        ]
    columns = ("iso3_origin", "iso3_destination", "year", "students_persons", "source")
    return Table("students", columns, columns[:3], rows)


def migrants(source: Path) -> Table:
    """Migrants living in the destination: every fifth year of the edition of 2020, and the one year of that of 2024.

    The later edition revised what came before it, so the two are two observers of one stock and no series.
    """
    editions = (("2020", "people/migrant_stock_od.csv", "migrant_stock"),
                ("2024", "stakes/migrants_2024.csv", "migrants_persons"))  # fmt: skip
    rows = [
        {
            "iso3_origin": row["iso3_origin"],
            "iso3_destination": row["iso3_destination"],
            "year": row["year"],
            "edition": edition,
            "migrants_persons": whole(row[column]),
        }
        for edition, name, column in editions
        for row in read(source, name)
        if in_states(row, "iso3_origin", "iso3_destination")
    ]
    columns = ("iso3_origin", "iso3_destination", "year", "edition", "migrants_persons")
    return Table("migrants", columns, columns[:3], rows)


def investment_stocks(source: Path) -> Table:
    """Stocks of direct investment between two states, as each body puts them; bodies do not agree.

    What one body printed anew on another base is an observer of its own. Announced deals add up to one figure a host.
    """
    columns = ("iso3_investor", "iso3_host", "year", "body", "stock_musd")
    rows: list[Row] = []
    for row in read(source, "stakes/fdi_pair_figures.csv"):
        year = row["as_of"][:4]
        if row["measure"] == "stock" and in_states(row, "iso3_investor", "iso3_host") and int(year) <= LAST_STOCK_YEAR:
            rows.append({
                **{column: row[column] for column in ("iso3_investor", "iso3_host", "body")},
                "year": year, "stock_musd": whole(str(1000.0 * float(row["value"]))),
            })  # fmt: skip
    deals: dict[str, float] = {}
    for row in read(source, "stakes/china_cgit_host_year_2005_2020.csv"):
        if row["kind"] == "investment" and in_states(row, "iso3_investor", "iso3_host"):
            deals[row["iso3_host"]] = deals.get(row["iso3_host"], 0.0) + float(row["amount_musd"])
    for host, announced in deals.items():
        body = "China Global Investment Tracker (Scissors), announced 2005-20"
        rows.append({"iso3_investor": "CHN", "iso3_host": host, "year": "2020", "body": body,
                     "stock_musd": whole(str(announced))})  # fmt: skip
    return Table("investment_stocks", columns, columns[:4], rows)


def visas(source: Path) -> Table:
    """The visa a passport holder needs at the end of a year, and the openness this project gives it."""
    rows = [
        {
            "iso3_passport": row["iso3_passport"],
            "iso3_destination": row["iso3_destination"],
            "year": row["year"],
            "category": row["category"],
            "openness": OPENNESS[row["category"]],
        }
        for row in read(source, "people/visa_regime_yearend.csv")
        if in_states(row, "iso3_passport", "iso3_destination")
    ]
    columns = ("iso3_passport", "iso3_destination", "year", "category", "openness")
    return Table("visas", columns, columns[:3], rows)


def visitors(source: Path) -> Table:
    """Visitor arrivals as national offices were quoted; kinds and periods differ and do not add up."""
    columns = ("iso3_origin", "iso3_destination", "year", "period", "persons", "kind", "source")
    rows = [
        {column: row[column] for column in columns}
        for row in read(source, "people/visitor_arrivals_od.csv")
        if in_states(row, "iso3_origin", "iso3_destination")
    ]
    return Table("visitors", columns, (*columns[:4], "kind"), rows)


def china_diplomacy(source: Path) -> Table:
    """China's new sister cities, new Confucius Institutes and government visits, by partner and year."""
    counts = {
        "sister_cities_established": "sister_cities_established",
        "confucius_institutes_opened": "confucius_institutes_opened",
        "government_visits": "government_visits",
    }
    rows: list[Row] = []
    for row in read(source, "people/china_public_diplomacy_aiddata.csv"):
        if in_states(row, "iso3_partner"):
            record = {column: whole(row[original]) for column, original in counts.items()}
            if any(record.values()):
                rows.append({"iso3": row["iso3_partner"], "year": row["year"], **record})
    return Table("china_diplomacy", ("iso3", "year", *counts), ("iso3", "year"), rows)
