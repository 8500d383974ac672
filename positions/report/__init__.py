"""The record as one self-contained web page that fetches nothing."""
