"""Which records the lists of the recall view are made from, also for whoever counts their lines elsewhere."""

RECALL = frozenset({"patient", "visit", "appointment", "contact_attempt", "appointment_type", "account"})
WAITING = frozenset({"waiting_wish", "patient", "appointment", "visit", "appointment_type", "account"})
REMINDERS = frozenset({"appointment", "appointment_event", "patient", "closure", "working_hours", "account"})
REBOOK = frozenset(
    {"appointment", "patient", "closure", "working_hours", "day_hours", "worked_holiday", "clinic", "account"}
)
