"""``clinic-app check``: the charting checks for a visit that another program describes, without a database."""

from clinic_app.check_command.command import check_file

__all__ = ["check_file"]
