"""The only way into the record: a plan, shown and then carried out from the same data, in one transaction."""
