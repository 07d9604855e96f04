"""Build and check tools; not installed with the program."""
