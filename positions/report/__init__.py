"""The record as one page for a browser, that holds all it needs and fetches nothing."""
