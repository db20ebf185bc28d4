"""The list of places that comes along: whole, and what it says is true of each of them."""

import re

from mobilise import i18n, tables
from mobilise.opendata import places, placing
from mobilise.petitions import postcodes


def test_every_place_has_a_code_a_country_and_names_that_may_be_published() -> None:
    listed = places.listed()
    assert len({each.code for each in listed}) == len(listed)
    by_level = {level: [p for p in listed if p.level == level] for level in places.LEVELS}
    assert len(by_level["municipality"]) == 565 and len(by_level["postcode"]) == 1149
    assert len(by_level["country"]) == 33
    for each in listed:
        assert re.fullmatch(r"[1-9]\d{4}|BE-[1-9]\d{3}|[A-Z]{2}", each.code)
        assert each.level == "postcode" or each.names
        names = [tables.Name(name) for name in each.names.values()]
        assert b"".join(tables.chunks(["n"] * len(names), [names]))


def test_a_place_is_named_in_the_language_of_the_reader_or_its_own() -> None:
    antwerp, nivelles = places.place("11002"), places.place("25072")
    assert antwerp and nivelles
    for language, names in {
        "nl": ("Antwerpen", "Nijvel"), "fr": ("Anvers", "Nivelles"),
        "de": ("Antwerpen", "Nivelles"), "en": ("Antwerpen", "Nivelles"),
    }.items():  # fmt: skip
        with i18n.using(language):
            assert (antwerp.name, nivelles.name) == names


def test_what_is_no_place_is_none() -> None:
    for code in ("", "OTHER", "99999", "BE-0999", "XX", "2060", "nl"):
        assert places.place(code) is None


def test_three_postcodes_are_shared_and_stand_by_themselves() -> None:
    shared = {code for code, own in places.postcodes().items() if len(own) > 1}
    assert shared == {"BE-1040", "BE-1050", "BE-1804"}
    tree = placing.tree(placing.pairs([]), [])
    assert shared <= tree.parts
    assert not any(shared & own for own in tree.children.values())


def test_each_postcode_stands_in_one_whole() -> None:
    tree = placing.tree(placing.pairs([("NL-1011", "GM0363"), ("NL-1012", "GM0363")]), [])
    found = [code for own in tree.children.values() for code in own]
    assert len(found) == len(set(found))
    assert tree.children["GM0363"] == {"NL-1011", "NL-1012"}
    assert len(tree.children["NL"]) == 9000 - 2 and {"BE", "NL", "FR", "ZZ"} <= tree.parts


def test_where_few_may_sign_there_are_few_places() -> None:
    tree = placing.tree(placing.pairs([]), postcodes.parse("2060, 2018", "BE"))
    assert tree.parts == {"11002"}
    assert tree.children == {"11002": {"BE-2060", "BE-2018"}}
    stretch = placing.tree(placing.pairs([]), postcodes.parse("2060-2070", "BE"))
    assert stretch.parts == {"11002", "46030", "BE"}
    mixed = placing.tree(placing.pairs([]), postcodes.parse("BE 2060, NL 1011, FR 59000", "BE"))
    assert mixed.parts == {"11002", "NL", "FR"} and mixed.children["NL"] == {"NL-1011"}


def test_who_is_counted_is_counted_once() -> None:
    tree = placing.tree(placing.pairs([]), [])
    standing = [("BE", "2060", 3), ("BE", "1050", 4), ("BE", "9999", 5), ("NL", "1011", 6)]
    counted = placing.count(tree, [*standing, ("FR", "59000", 7), ("XX", "1", 8)], {"nl": 33})
    assert counted.parts == {"11002": 3, "BE-1050": 4, "BE": 5, "NL": 6, "FR": 7, "ZZ": 8}
    assert counted.postcodes == {"11002": {"BE-2060": 3}, "NL": {"NL-1011": 6}}
