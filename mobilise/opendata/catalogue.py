"""The catalogue of the instance for harvesters: DCAT-AP 3.0.1, a dataset a petition.

It is written while it is sent, a part of the list at a time, so that its length does not matter.
"""

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import quote

from mobilise import db, i18n
from mobilise.errors import N_
from mobilise.opendata import bundle, catalogue_queries, instance, instance_books, licenses
from mobilise.opendata.editions import in_every_language
from mobilise.opendata.graph import Iri, Thing, Words
from mobilise.opendata.package import EVERY
from mobilise.settings import Settings
from mobilise.signatures import counting

A_PART = 500
_EU = "http://publications.europa.eu/resource/authority/"
_LANGUAGES = {"nl": "NLD", "fr": "FRA", "de": "DEU", "en": "ENG"}
_COUNTRIES = {"BE": "BEL", "NL": "NLD", "FR": "FRA", "DE": "DEU", "LU": "LUX"}
_KINDS = {"csv": "CSV", "json": "JSON", "zip": "ZIP", "xlsx": "XLSX", "ods": "ODS"}
_LICENSES = {licenses.COUNTS.name: "CC0", licenses.TEXTS.name: "CC_BY_4_0"}
TITLE = N_("Petitions at %(name)s")
ABOUT = N_("The petitions of this site: signatures by day, documents, texts, and how we count.")
OF_ONE = N_(
    "The signatures of this petition by day, its documents, its text, and how we count. "
    "No row is about one person."
)
INVENTED = N_("Demonstration: names and figures are invented")
SERVICE = N_("Counts, days and documents of every petition, in JSON.")


@cache
def _eu(table: str, code: str) -> Iri:
    return Iri(f"{_EU}{table}/{code}")


@dataclass(frozen=True)
class Offer:
    """A file of a petition, as the catalogue knows it."""

    name: str
    about: str
    license: licenses.License
    media_type: str


OFFERS = (
    *(Offer(f.name, f.description, f.license, f.media_type) for f in EVERY),
    Offer(bundle.NAME, "Everything in one archive.", licenses.TEXTS, "application/zip"),
)


class Catalogue:
    """`site`: its public address, fit for a graph."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.site = quote(settings.base_url, safe=":/[]")
        self.id = Iri(f"{self.site}/catalog.ttl#catalogue")
        self.service = Iri(f"{self.site}/api#service")
        self.midnight = counting.midnight(settings.zone)
        self._said: dict[str, list[Words]] = {}

    async def things(self, database: db.Database) -> AsyncIterator[list[Thing]]:
        """The catalogue itself, then its datasets one by one, newest first: between two of them
        others get their turn."""
        yield [self._catalogue(), _page(Iri(f"{self.site}/")), self._api()]
        yield list(self._whole())
        after = None
        while rows := await catalogue_queries.listed(database, after, A_PART):
            for row in rows:
                yield list(self._of_one(row))
            if len(rows) < A_PART:
                return
            after = (rows[-1]["opened_at"], rows[-1]["id"])

    def _says(self, sentence: str, languages: Sequence[str] = tuple(i18n.LANGUAGES)) -> list[Words]:
        """The sentence in these languages."""
        if sentence not in self._said:
            found = in_every_language(sentence, name=self.settings.name)
            self._said[sentence] = [Words(words, code) for code, words in found.items()]
        return [words for words in self._said[sentence] if words.language in languages]

    def _catalogue(self) -> Thing:
        return Thing(
            ["dcat:Catalog"],
            {
                "dct:title": self._says(TITLE),
                "dct:description": self._says(ABOUT),
                "dct:identifier": [Words(self.id.address)],
                "dct:publisher": [self._publisher()],
                "dcat:contactPoint": [self._contact()],
                "dct:license": [_eu("licence", "CC0")],
                "dct:language": [_eu("language", code) for code in _LANGUAGES.values()],
                "dct:modified": [self.midnight],
                "foaf:homepage": [Iri(f"{self.site}/")],
                "dcat:themeTaxonomy": [Iri(f"{_EU}data-theme")],
                "dcat:service": [self.service],
            },
            self.id,
        )

    def _api(self) -> Thing:
        return Thing(
            ["dcat:DataService"],
            {
                "dct:title": [Words("API", None)],
                "dct:description": self._says(SERVICE),
                "dct:publisher": [self._publisher()],
                "dcat:contactPoint": [self._contact()],
                "dcat:endpointURL": [Iri(f"{self.site}/api/petitions")],
                "dcat:endpointDescription": [Iri(f"{self.site}/api/openapi.json")],
                "dct:license": [_eu("licence", "CC0")],
                "dct:accessRights": [_eu("access-right", "PUBLIC")],
            },
            self.service,
        )

    def _whole(self) -> Iterator[Thing]:
        """The dataset of all petitions together."""
        here, files = f"{self.site}{instance.PATH}", instance_books.FILES
        offers = [Offer(f.name, f.description, f.license, f.media_type) for f in files]
        ids = [Iri(f"{here}{offer.name}#file") for offer in offers]
        id_, page = Iri(f"{here}petitions.csv#dataset"), Iri(f"{self.site}/data")
        yield Thing(
            ["dcat:Dataset"],
            {
                "dct:title": self._says(TITLE),
                "dct:description": self._says(ABOUT),
                "dct:identifier": [Words(id_.address)],
                "dct:publisher": [self._publisher()],
                "dct:creator": [self._publisher()],
                "dcat:contactPoint": [self._contact()],
                "dct:language": [_eu("language", code) for code in _LANGUAGES.values()],
                "dct:accrualPeriodicity": [_eu("frequency", "CONT")],
                "dct:accessRights": [_eu("access-right", "PUBLIC")],
                "dcat:theme": [_eu("data-theme", "GOVE")],
                "dcat:keyword": [Words("petition", "en")],
                "dcat:landingPage": [page],
                "dcat:distribution": ids,
            },
            id_,
        )
        yield _page(page)
        for file, offer in zip(ids, offers, strict=True):
            yield _distribution(file, offer, f"{here}{offer.name}")
        yield Thing([], {"dcat:dataset": [id_]}, self.id)

    def _publisher(self) -> Thing:
        """Who runs the instance: a name without a postal address."""
        name = self.settings.controller.split(",")[0].strip() or self.settings.name
        return Thing(["foaf:Agent", "dct:Agent"], {"foaf:name": [Words(name)]})

    def _contact(self) -> Thing:
        says: dict[str, list[Words | Iri]] = {
            "vcard:fn": [Words(self.settings.name)],
            "vcard:hasURL": [Iri(f"{self.site}/contact")],
        }
        if self.settings.contact:
            says["vcard:hasEmail"] = [Iri(f"mailto:{quote(self.settings.contact, safe='@+')}")]
        return Thing(["vcard:Kind"], says)

    def _of_one(self, row: db.Record) -> Iterator[Thing]:
        """The dataset, its distributions, and that it belongs to the catalogue."""
        here = f"{self.site}/petitions/{row['slug']}/data"
        files = {Iri(f"{here}/{offer.name}#file"): offer for offer in OFFERS}
        api = Iri(f"{self.site}/api/petitions/{row['slug']}#file")
        dataset = self._dataset(row, here, [*files, api])
        yield dataset
        yield _page(self._landing(row))
        for id_, offer in files.items():
            yield _distribution(id_, offer, f"{here}/{offer.name}")
        yield _through_the_api(api, self.service)
        yield Thing([], {"dcat:dataset": [Iri(here)]}, self.id)

    def _dataset(self, row: db.Record, here: str, distributions: list[Iri]) -> Thing:
        spoken = list(row["titles"])
        is_over = row["closed_at"] is not None
        about = self._says(OF_ONE, spoken)
        if row["demo"]:
            about = [
                Words(f"{mark.words}. {said.words}", said.language)
                for mark, said in zip(self._says(INVENTED, spoken), about, strict=True)
            ]
        return Thing(
            ["dcat:Dataset"],
            {
                "dct:title": [Words(title, code) for code, title in row["titles"].items()],
                "dct:description": about,
                "dct:identifier": [Words(here)],
                "dct:publisher": [self._publisher()],
                "dct:creator": [self._group(row)],
                "dcat:contactPoint": [self._contact()],
                "dct:language": [_eu("language", _LANGUAGES[code]) for code in spoken],
                "dct:issued": [row["opened_at"].astimezone(self.settings.zone)],
                "dct:modified": [self._modified(row)],
                "dct:accrualPeriodicity": [_eu("frequency", "NEVER" if is_over else "DAILY")],
                "dct:temporal": [self._period(row)],
                "dct:spatial": _countries(row["postcodes"]),
                "dct:accessRights": [_eu("access-right", "PUBLIC")],
                "dcat:theme": [_eu("data-theme", "GOVE")],
                "dcat:keyword": [Words("petition", "en")]
                + ([Words("demonstration", "en")] if row["demo"] else []),
                "dcat:landingPage": [self._landing(row)],
                "dcat:distribution": distributions,
            },
            Iri(here),
        )

    def _landing(self, row: db.Record) -> Iri:
        """For people, in the petition's own language."""
        return Iri(f"{self.site}/{row['languages'][0]}/petitions/{row['slug']}/data")

    def _group(self, row: db.Record) -> Thing:
        return Thing(
            ["foaf:Agent", "dct:Agent"],
            {
                "foaf:name": [Words(row["group_name"], row["group_language"])],
                "foaf:homepage": [Iri(f"{self.site}/groups/{row['group_slug']}")],
            },
        )

    def _modified(self, row: db.Record) -> datetime:
        """An open petition gets a row a day; a closed one changes when its group does something."""
        changed: datetime = row["changed_at"]
        if row["closed_at"] is None:
            changed = max(changed, self.midnight)
        return changed.astimezone(self.settings.zone)

    def _period(self, row: db.Record) -> Thing:
        zone = self.settings.zone
        ended = row["closed_at"].astimezone(zone).date() if row["closed_at"] else None
        last = ended or self.midnight.date() - timedelta(days=1)
        first: date = min(row["opened_at"].astimezone(zone).date(), last)
        return Thing(["dct:PeriodOfTime"], {"dcat:startDate": [first], "dcat:endDate": [last]})


def _page(id_: Iri) -> Thing:
    return Thing(["foaf:Document"], {}, id_)


def _countries(postcodes: Sequence[str]) -> list[Iri]:
    """Where those live who may sign, if the petition says so."""
    found = dict.fromkeys(place[:2] for place in postcodes)
    return [_eu("country", _COUNTRIES[code]) for code in found if code in _COUNTRIES]


@cache
def _fixed(offer: Offer) -> dict[str, list[Iri | Words]]:
    """What is the same for this file of every petition."""
    media_type = offer.media_type.partition(";")[0]
    kind = _KINDS.get(offer.name.rpartition(".")[2])
    return {
        "dct:title": [Words(offer.name)],
        "dct:description": [Words(offer.about, "en")],
        "dcat:mediaType": [Iri(f"http://www.iana.org/assignments/media-types/{media_type}")],
        "dct:format": [_eu("file-type", kind)] if kind else [],
        "dct:license": [_eu("licence", _LICENSES[offer.license.name])],
        "dcatap:availability": [_eu("planned-availability", "AVAILABLE")],
    }


def _distribution(id_: Iri, offer: Offer, address: str) -> Thing:
    there = [Iri(address)]
    says: dict[str, Sequence[Any]] = {
        **_fixed(offer),
        "dcat:accessURL": there,
        "dcat:downloadURL": there,
    }
    return Thing(["dcat:Distribution"], says, id_)


def _through_the_api(id_: Iri, service: Iri) -> Thing:
    return Thing(
        ["dcat:Distribution"],
        {
            "dct:title": [Words("API")],
            "dcat:accessURL": [Iri(id_.address.partition("#")[0])],
            "dcat:accessService": [service],
            "dcat:mediaType": [Iri("http://www.iana.org/assignments/media-types/application/json")],
            "dct:format": [_eu("file-type", "JSON")],
            "dct:license": [_eu("licence", "CC_BY_4_0")],
        },
        id_,
    )
