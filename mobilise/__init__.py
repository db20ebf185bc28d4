"""mobilise: petitions for residents' groups."""

__version__ = "0.1.0"
