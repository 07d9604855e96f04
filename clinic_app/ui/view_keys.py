"""The keys of each view for the list of shortcuts, so that the list alone imports a view that was not shown."""

from clinic_app.ui.shortcuts import Keys


def of_the_inbox() -> Keys:
    """Those of the inbox."""
    from clinic_app.ui.inbox.view import KEYS

    return KEYS


def of_the_muscle_map() -> Keys:
    """Those of the muscle map and the visit beside it."""
    from clinic_app.ui.muscle_map.view import KEYS

    return KEYS


def of_the_schedule() -> Keys:
    """Those of the schedule."""
    from clinic_app.ui.schedule.grid import KEYS

    return KEYS


def of_the_recall() -> Keys:
    """Those of the recall list."""
    from clinic_app.ui.recall.view import KEYS

    return KEYS


def of_the_stock() -> Keys:
    """Those of the stock."""
    from clinic_app.ui.stock.view import KEYS

    return KEYS


def of_the_reports() -> Keys:
    """Those of the reports."""
    from clinic_app.ui.reports.view import KEYS

    return KEYS
