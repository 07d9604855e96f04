"""The furnished demo clinic: invented people, built by the program's own services from a seed."""
