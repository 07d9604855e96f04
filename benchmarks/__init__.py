"""How fast the program is: ``python -m benchmarks``. Never part of the tests, which only see that it runs."""
