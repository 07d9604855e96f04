"""A lot as text for spreadsheets: its ledger, and who got it."""

from zoneinfo import ZoneInfo

from clinic_app.exchange.csv_text import csv_text
from clinic_app.services.stock_data import LotDetails


def ledger_text(details: LotDetails, time_zone: str) -> str:
    """Every movement of the lot, moments with the clinic's offset from UTC."""
    lot = details.lot
    zone = ZoneInfo(time_zone)
    return csv_text(
        (
            "product",
            "lot",
            "at",
            "movement",
            "vials",
            "vials left",
            "units",
            "reason",
            "by",
            "witness",
            "patient",
            "visit",
        ),
        (
            (
                lot.product,
                lot.number,
                line.at.astimezone(zone),
                line.kind.value,
                line.vials,
                line.left_after,
                line.units,
                line.reason,
                line.by,
                line.witness,
                line.patient_name,
                line.visit_id,
            )
            for line in details.ledger
        ),
    )


def recipients_text(details: LotDetails) -> str:
    """Everybody who got the lot, one line per visit."""
    lot = details.lot
    header = (
        "product", "lot", "expires", "patient", "birth date", "record number", "phone", "address", "visit date",
        "injector", "units given", "units wasted",
    )  # fmt: skip
    return csv_text(
        header,
        (
            (
                lot.product,
                lot.number,
                lot.expires_on,
                each.name,
                each.birth_date,
                each.record_number,
                each.phone,
                each.address,
                each.visited_on,
                each.injector,
                each.units,
                "not known" if each.wasted is None else each.wasted,
            )
            for each in details.recipients
        ),
    )
