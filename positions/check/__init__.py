"""What `positions check` verifies."""
