"""Follow a negotiation: who demands what, who refuses it, in which words, since when, by which source."""

__version__ = "0.1.0"
