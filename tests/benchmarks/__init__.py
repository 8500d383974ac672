"""How fast the program is, beside other ways to the same answers: `python -m tests.benchmarks`.

Nothing here is a test: the suite does not look at a clock.
"""
