"""What `positions check` finds."""
