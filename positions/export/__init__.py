"""Export of the record as a Frictionless Data Package: CSV files, and a `datapackage.json` that describes them."""
