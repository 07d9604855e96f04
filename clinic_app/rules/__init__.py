"""The charting checks: plain data in, findings out. No database, no window and no clock."""

from clinic_app.rules.check import check_chart
from clinic_app.rules.findings import Finding, Level

__all__ = ["Finding", "Level", "check_chart"]
