"""The shapes of what the API answers, field by field; its description is made from them.

A field that stands here stays: programs of others read it. New ones may come.
"""

from typing import Annotated, Any

from pydantic import Field
from typing_extensions import TypedDict

Slug = Annotated[str, Field(pattern="^[a-z0-9-]+$", description="The last part of its address.")]
Language = Annotated[str, Field(pattern="^[a-z]{2}$", description="ISO 639-1.")]
Number = Annotated[int, Field(ge=0)]
Moment = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
Day = Annotated[str, Field(json_schema_extra={"format": "date"})]
Address = Annotated[str, Field(json_schema_extra={"format": "uri"})]
License = Annotated[str, Field(description="SPDX identifier.")]
State = Annotated[
    str, Field(description="open, closed, delivered (handed over) or answered; more may come.")
]
AsOf = Annotated[
    str,
    Field(
        description="When this was counted, in the zone of the instance.",
        json_schema_extra={"format": "date-time"},
    ),
]


class Count(TypedDict):
    """`confirmed` = `online` + `paper`."""

    petition: Slug
    confirmed: Annotated[int, Field(ge=0, description="What counts: online + paper.")]
    online: Annotated[int, Field(ge=0, description="Confirmed through the email to the signer.")]
    paper: Annotated[int, Field(ge=0, description="Counted on paper sheets.")]
    pending: Annotated[
        int,
        Field(
            ge=0,
            description="Not confirmed and not counted; of the last full hour, rounded down to 5.",
        ),
    ]
    goal: Annotated[int | None, Field(description="What the group hopes for.")]
    as_of: AsOf


class Listed(TypedDict):
    """A petition in the list."""

    petition: Slug
    titles: Annotated[dict[str, str], Field(description="By language.")]
    state: State
    demonstration: Annotated[bool, Field(description="Invented, to show how the site works.")]
    group: Annotated[str, Field(description="Name of the group.")]
    group_slug: Annotated[str, Field(description="What the filter `group` takes.")]
    languages: Annotated[list[Language], Field(description="Of its text, the first one first.")]
    goal: int | None
    confirmed: Annotated[int, Field(ge=0, description="Exact, at this moment.")]
    opened_at: Moment
    closes_on: Annotated[Day | None, Field(description="The last day on which one may sign.")]
    closed_at: Moment | None
    url: Address
    page: Annotated[Address, Field(description="For people.")]
    data: Annotated[Address, Field(description="Its Data Package.")]


class Page(TypedDict):
    """A part of the list, newest first."""

    petitions: list[Listed]
    next: Annotated[Address | None, Field(description="The part that follows; null at the end.")]


class OneDay(TypedDict):
    """A day that is over."""

    day: Day
    confirmed: Annotated[int, Field(ge=0, description="Began to count: online + paper.")]
    online: Number
    paper: Number
    withdrawn: Annotated[int, Field(ge=0, description="Taken back by the signer.")]
    removed: Annotated[int, Field(ge=0, description="Taken off by those who run the count.")]
    restored: Annotated[int, Field(ge=0, description="Put back after it had been taken off.")]
    total: Annotated[
        int,
        Field(
            ge=0,
            description="At the end of the day: that of the day before + confirmed + restored"
            " - withdrawn - removed.",
        ),
    ]


class Days(TypedDict):
    """Every day from the first signature on, oldest first, without gaps."""

    petition: Slug
    until: Annotated[Moment, Field(description="The end of the last day that is counted here.")]
    time_zone: Annotated[str, Field(description="In which a day begins and ends.")]
    days: list[OneDay]
    license: License


class Area(TypedDict):
    """A place or a language, with what it is told to have."""

    level: Annotated[str, Field(description="municipality, postcode, country or language.")]
    code: Annotated[
        str,
        Field(description="21004 (NIS), GM0363 (CBS), BE-2060, NL-1011, FR, nl; OTHER: the rest."),
    ]
    parent: Annotated[
        str | None, Field(description="Of a postcode its municipality, or its country.")
    ]
    confirmed: Annotated[int, Field(ge=0, description="Rounded down to 5.")]


class Areas(TypedDict):
    """What is told of places and languages: once a week at most, so that no small number can be
    worked out."""

    petition: Slug
    until: Annotated[Day | None, Field(description="The last day counted; null: nothing yet.")]
    frozen: Annotated[bool, Field(description="The petition is closed; this stays.")]
    rounded_down_to: Number
    areas: list[Area]
    license: License


class Document(TypedDict):
    """What the group published, with who made it."""

    id: Number
    title: str
    source: Annotated[str, Field(description="Who made it; empty where nobody said.")]
    note: str
    dated: Day | None
    name: Annotated[str, Field(description="File name.")]
    url: Address
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class Documents(TypedDict):
    """The dossier in the group's own order."""

    petition: Slug
    documents: list[Document]
    rights_of_documents: str
    license: License


class Group(TypedDict):
    name: str
    about: str


class WhoMaySign(TypedDict):
    postcodes: Annotated[list[str], Field(description="`BE 2060`, `BE 2140-2180`; none: all.")]
    minimum_age: int | None
    says: Annotated[dict[str, str], Field(description="The same in words, by language.")]


class Text(TypedDict):
    title: str
    addressee: str
    body: str
    body_media_type: str
    version: Number
    at: Moment


class Version(TypedDict):
    """What changed, when, in which language."""

    version: Number
    language: Language
    kind: Annotated[str, Field(description="first, change, correction or translation.")]
    at: Moment
    title: str
    what_changed: str


class FullCount(Count):
    """The live count with what was taken off it."""

    withdrawn: Number
    removed: Number
    drift: Annotated[int, Field(description="Counter minus all events added up again; 0.")]
    license: License


class Links(TypedDict):
    count: Address
    days: Address
    areas: Address
    documents: Address
    description: Address
    bundle: Address


class Petition(TypedDict):
    """A petition with its text in all languages and versions."""

    petition: Slug
    pages: Annotated[dict[str, str], Field(description="For people, by language.")]
    state: State
    demonstration: bool
    group: Group
    goal: int | None
    who_may_sign: WhoMaySign
    opened_at: Moment
    closes_on: Day | None
    closed_at: Moment | None
    version: Number
    texts: Annotated[dict[str, Text], Field(description="What counts now, by language.")]
    versions: list[Version]
    documents: list[Document]
    rights_of_documents: str
    license: License
    license_url: Address
    count: FullCount
    links: Links


class Problem(TypedDict):
    """RFC 9457: what did not work, and what to do."""

    type: Annotated[Address, Field(description="Which problem this is; stays the same.")]
    title: str
    status: Annotated[int, Field(ge=400, le=599)]
    detail: Annotated[str, Field(description="A sentence in the language that was asked for.")]
    instance: Annotated[str, Field(description="The number of this request in our log.")]


class Described(TypedDict):
    """This description: OpenAPI 3.1."""

    openapi: str
    info: dict[str, Any]
    servers: list[dict[str, Any]]
    paths: dict[str, Any]
    components: dict[str, Any]
