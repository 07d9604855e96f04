"""The charting checks: plain data in, findings out. No database, no window and no clock."""
