"""The layout of each answer for people."""
