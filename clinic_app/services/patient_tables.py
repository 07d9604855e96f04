"""The rows of one patient in the tables of the record, as CSV files with a dictionary."""

from collections.abc import Iterator, Mapping

from sqlalchemy import Column, Connection, Select, Table, select

from clinic_app.exchange import exact_csv
from clinic_app.exchange.csv_text import csv_text
from clinic_app.models import Patient, copying
from clinic_app.services.clinic_tables import (
    DICTIONARY,
    DICTIONARY_HEADER,
    columns_of,
    dictionary_lines,
    exported_tables,
    file_of,
)

NOT_OF_THE_PATIENT = {
    "restriction": "who may see the record, and why: it is about those who work here",
    "record_grant": "who may see the record, and why: it is about those who work here",
    "chart_draft": "a chart that nobody has signed is no part of the record yet",
}
"""Tables that name the patient and stay behind, and why."""


def tables_of(connection: Connection, patient_id: int) -> Iterator[tuple[str, str]]:
    """Names and texts of the files, those without a row left out, and the dictionary of the others last."""
    told = []
    of: dict[str, Select[tuple[int]]] = {}
    """The ids of the patient's rows, by table."""
    for table in exported_tables():
        link = _link(table, of)
        if link is None:
            continue
        mine = link == patient_id if table is Patient.__table__ else link.in_(of[_parent(link)])
        if "id" in table.columns:
            of[table.name] = select(table.columns["id"]).where(mine)
        plain = copying.untyped(table, connection)
        theirs = plain.columns[link.name]
        rows = select(plain).where(theirs.in_(select(link).where(mine))).order_by(*plain.primary_key)
        columns = columns_of(table)
        lines = exact_csv.lines(
            columns, ([row[column.name] for column in columns] for row in connection.execute(rows).mappings())
        )
        if lines:
            told.append(table)
            yield file_of(table), exact_csv.header(columns) + lines
    yield DICTIONARY, csv_text(DICTIONARY_HEADER, dictionary_lines(told))


def _link(table: Table, of: Mapping[str, object]) -> Column[int] | None:
    """The column that says whose a row is: the patient's own id, or the id of a row that is the patient's."""
    if table is Patient.__table__:
        return table.columns["id"]
    if table.name in NOT_OF_THE_PATIENT:
        return None
    links = (column for column in table.columns if column.foreign_keys and not column.nullable)
    return next((column for column in links if _parent(column) in of), None)


def _parent(link: Column[int]) -> str:
    return next(iter(link.foreign_keys)).column.table.name
