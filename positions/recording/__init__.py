"""Planning and applying changes to the record: the plan that is shown is the plan that is applied."""
