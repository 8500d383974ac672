"""Coverage-guided fuzzing (Atheris) of all that reads what somebody else wrote; `python -m tests.fuzz --help`."""
