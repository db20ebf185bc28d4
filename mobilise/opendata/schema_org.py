"""What search engines for data look for in a page: schema.org, as JSON-LD in a data block.

A browser runs nothing of it, and our content security policy has nothing to forbid there.
"""

from collections.abc import Sequence
from typing import Any

from mobilise.errors import N_
from mobilise.i18n import gettext
from mobilise.opendata import bundle, licenses
from mobilise.opendata.editions import Edition
from mobilise.opendata.package import EVERY
from mobilise.petitions.reading import Petition
from mobilise.settings import Settings

LONGEST = 5000  # of a description, as the search engines take it
OF_ONE = N_(
    "The signatures of this petition by day, its documents, its text, and how we count. "
    "No row is about one person."
)
TITLE = N_("Petitions at %(name)s")
ABOUT = N_("The petitions of this site: signatures by day, documents, texts, and how we count.")
INVENTED = N_("Demonstration: names and figures are invented")
MEASURED = ("confirmed", "online", "paper", "withdrawn", "removed", "restored", "total")
_CONTEXT = "https://schema.org/"


def dataset(edition: Edition, petition: Petition, settings: Settings) -> dict[str, Any]:
    """The figures of a petition, in the words of the reader's language. `petition`: in it too."""
    page = f"{edition.page_url(petition.language)}/data"
    first, last = edition.petition.opened_at, edition.petition.closed_at
    zone = edition.closed_at.tzinfo
    began = first.astimezone(zone).date().isoformat() if first else ".."
    ended = last.astimezone(zone).date().isoformat() if last else ".."
    return {
        "@context": _CONTEXT,
        "@type": "Dataset",
        "@id": edition.about_url,
        "name": petition.title,
        "description": _about(petition),
        "url": page,
        "identifier": edition.file_url("datapackage.json"),
        "inLanguage": list(edition.petition.languages),
        "keywords": ["petition"] + (["demonstration"] if petition.demo else []),
        "license": licenses.COUNTS.path,
        "isAccessibleForFree": True,
        "creator": {
            "@type": "Organization",
            "name": petition.group_name,
            "url": f"{edition.site}/groups/{petition.group_slug}",
        },
        "publisher": _publisher(settings),
        "datePublished": edition.at(first),
        "dateModified": edition.at(edition.changed_at),
        "temporalCoverage": f"{began}/{ended}",
        "version": edition.day.isoformat(),
        "variableMeasured": list(MEASURED),
        "includedInDataCatalog": {"@type": "DataCatalog", "url": f"{edition.site}/data"},
        "distribution": _downloads(edition),
    }


def _about(petition: Petition) -> str:
    said = f"{petition.title}. {gettext(OF_ONE)}"
    return (f"{gettext(INVENTED)}. {said}" if petition.demo else said)[:LONGEST]


def _downloads(edition: Edition) -> list[dict[str, Any]]:
    found = [(file.name, file.media_type, file.license) for file in EVERY]
    found.append((bundle.NAME, "application/zip", licenses.TEXTS))
    return [
        {
            "@type": "DataDownload",
            "name": name,
            "encodingFormat": media_type.partition(";")[0],
            "contentUrl": edition.file_url(name),
            "license": license.path,
        }
        for name, media_type, license in found
    ]


def catalogue(
    settings: Settings, page: str, downloads: Sequence[tuple[str, str]]
) -> dict[str, Any]:
    """The instance as a whole. `downloads`: paths with their media types."""
    site = settings.base_url
    return {
        "@context": _CONTEXT,
        "@type": "DataCatalog",
        "@id": f"{site}/data",
        "name": gettext(TITLE, name=settings.name),
        "description": gettext(ABOUT),
        "url": page,
        "license": licenses.COUNTS.path,
        "isAccessibleForFree": True,
        "publisher": _publisher(settings),
        "hasPart": [
            {
                "@type": "DataDownload",
                "encodingFormat": media_type,
                "contentUrl": f"{site}{path}",
            }
            for path, media_type in downloads
        ],
    }


def _publisher(settings: Settings) -> dict[str, Any]:
    name = settings.controller.split(",")[0].strip() or settings.name
    return {"@type": "Organization", "name": name, "url": f"{settings.base_url}/"}
