"""Writing tables out as a Frictionless Data Package: CSV files, and a `datapackage.json` that says what they hold."""
