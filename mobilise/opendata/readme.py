"""README.md and LICENSE.md of the bundle: what lies here, in four languages.

Whoever finds the bundle in ten years, without this site, should need nothing else.
"""

from collections.abc import Callable, Iterator

from mobilise import i18n
from mobilise.documents import rights
from mobilise.i18n import gettext as _
from mobilise.opendata import areas, citing, licenses, method
from mobilise.opendata.citing import one_line
from mobilise.opendata.editions import Edition
from mobilise.opendata.files import FILES, PACKAGE_NAME, PACKAGE_WHAT, File

MARKDOWN = "text/markdown; charset=utf-8"


def readme(edition: Edition) -> Iterator[bytes]:
    """What lies in the bundle, in four languages."""
    return _in_four_languages(edition, _chapter)


def dossier(edition: Edition) -> Iterator[bytes]:
    """What lies in the archive of the documents, in four languages."""
    return _in_four_languages(edition, _documents)


def _in_four_languages(
    edition: Edition, chapter: Callable[[Edition], Iterator[str]]
) -> Iterator[bytes]:
    """The petition's own language first."""
    own = edition.petition.language
    for code in sorted(i18n.LANGUAGES, key=lambda code: code != own):
        with i18n.using(code):
            words = "\n".join(chapter(edition))
        yield words.encode()


def _chapter(edition: Edition) -> Iterator[str]:
    petition = edition.petition
    text = edition.newest_texts.get(i18n.language())
    title = text["title"] if text else petition.title
    yield f"# {one_line(title)}\n"
    if petition.demo:
        yield _("Demonstration: names and figures are invented") + "\n"
    yield _(
        "The figures of this petition until the end of %(day)s, by %(group)s.",
        day=i18n.day(edition.day),
        group=one_line(petition.group_name),
    )
    yield _("No row is about one person.") + "\n"
    yield f"| {_('File')} | {_('What is in it')} | {_('Licence')} |"
    yield "| --- | --- | --- |"
    for file in FILES:
        yield f"| `{file.name}` | {_(file.what)} | {file.license.name} |"
    yield f"| `{PACKAGE_NAME}` | {_(PACKAGE_WHAT)} | {licenses.COUNTS.name} |"
    yield f"\n## {_('How we count')}\n"
    yield from (f"- **{_(rule.heading)}**\n  {_(rule.sentence)}" for rule in method.HOW)
    yield f"\n{areas.standing(edition.areas)}"
    yield f"\n## {_('What we do not know')}\n"
    has_paper = any(day.paper for day in edition.series)
    yield from (f"- {_(rule.sentence)}" for rule in method.unknown(has_paper))
    yield f"\n## {_('How to cite this')}\n"
    yield citing.line(edition, i18n.day(edition.day)) + "\n\n"


def _documents(edition: Edition) -> Iterator[str]:
    petition = edition.petition
    text = edition.newest_texts.get(i18n.language())
    yield f"# {_('The dossier')}: {one_line(text['title'] if text else petition.title)}\n"
    if petition.demo:
        yield _("Demonstration: names and figures are invented") + "\n"
    yield _("The documents that %(group)s put together.", group=one_line(petition.group_name))
    yield _("Each keeps the rights of those who made it.") + "\n"
    for document in edition.documents:
        dated = i18n.day(document["dated"]) if document["dated"] else ""
        said = [one_line(document["title"]), one_line(document["source"]), dated]
        said.append(_(rights.RIGHTS[document["rights"]]))
        yield f"- {document['id']}: {', '.join(word for word in said if word)}"
    yield f"\n{edition.page_url(i18n.language())}/documents\n\n"


def license_notes(edition: Edition) -> Iterator[bytes]:
    yield b"# LICENSE\n"
    for license in (licenses.COUNTS, licenses.TEXTS, licenses.PLACES):
        files = [file.name for file in FILES if file.license is license]
        if license is licenses.COUNTS:
            files.append(PACKAGE_NAME)
        yield (
            f"\n## {license.name}\n\n{license.title}\n<{license.path}>\n\n"
            + "".join(f"- {name}\n" for name in files)
        ).encode()
    yield b"\n"
    for code in i18n.LANGUAGES:
        with i18n.using(code):
            line = _(
                "The documents themselves are not in here. "
                "Each keeps the rights of those who made it."
            )
        yield f"- {code}: {line}\n".encode()


README = File(
    "README.md",
    "",
    "What lies here, how was counted, how to cite it, in four languages.",
    licenses.COUNTS,
    MARKDOWN,
    readme,
)
LICENSE = File(
    "LICENSE.md",
    "",
    "Who may do what with which file.",
    licenses.COUNTS,
    MARKDOWN,
    license_notes,
)
