"""The copy for everybody is the same document, without what should not travel with it."""

import io
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from mobilise import confined
from tests.documents import papers, samples

SECRET = b"Suzie"


async def clean(folder: Path, content: bytes, kind: str) -> bytes:
    source, target = folder / "source", folder / "target"
    source.write_bytes(content)
    answer = await confined.answered_by(
        "mobilise.documents.cleaning", str(source), kind, str(target)
    )
    assert "refused" not in answer, answer
    return target.read_bytes()


async def refusal(folder: Path, content: bytes, kind: str) -> str:
    source, target = folder / "source", folder / "target"
    source.write_bytes(content)
    answer = await confined.answered_by(
        "mobilise.documents.cleaning", str(source), kind, str(target)
    )
    return str(answer["refused"])


def everything_in(content: bytes) -> bytes:
    """Each object of a PDF, unpacked: what a curious reader can find in it."""
    found = []
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for each in pdf.objects:
            if isinstance(each, pikepdf.Stream):
                try:
                    found.append(each.read_bytes())
                except pikepdf.PdfError:
                    found.append(each.read_raw_bytes())
            found.append(repr(each).encode())
        found.append(repr(pdf.trailer).encode())
    return b"\n".join(found)


def with_tricks(pdf: pikepdf.Pdf) -> None:
    """Everything in one: scripts, actions, an attachment, a form, notes and who wrote them."""
    act = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert('Suzie')")
    pdf.Root.OpenAction = act
    pdf.Root.AA = pikepdf.Dictionary(WC=act)
    pdf.Root.Names = pikepdf.Dictionary(
        JavaScript=pikepdf.Dictionary(Names=pikepdf.Array(["x", act]))
    )
    pdf.attachments["Suzie.txt"] = b"Suzie lives here"
    pdf.Root.AcroForm = pikepdf.Dictionary(
        XFA=pikepdf.Stream(pdf, b"<xdp>Suzie</xdp>"), Fields=pikepdf.Array([])
    )
    with pdf.open_metadata() as about:
        about["dc:creator"] = ["Suzie Signer"]
    page = pdf.pages[0]
    page.obj.AA = pikepdf.Dictionary(O=act)
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Contents="Ask Suzie", T="Suzie",
        Rect=pikepdf.Array([1, 1, 9, 9]),
    )  # fmt: skip
    run = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=pikepdf.Array([1, 1, 9, 9]),
        A=pikepdf.Dictionary(S=pikepdf.Name.Launch, F="Suzie.exe"),
    )  # fmt: skip
    lead = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=pikepdf.Array([1, 1, 9, 9]),
        A=pikepdf.Dictionary(S=pikepdf.Name.URI, URI="https://city.example/plan"),
    )  # fmt: skip
    page.obj.Annots = pdf.make_indirect(
        pikepdf.Array([pdf.make_indirect(each) for each in (note, run, lead)])
    )


async def test_nothing_of_a_pdf_acts_hides_or_tells_who_wrote_it(tmp_path: Path) -> None:
    before = papers.changed(papers.pdf("Rain water"), with_tricks)
    assert SECRET in everything_in(before), "there is something to find"
    after = await clean(tmp_path, before, "pdf")
    found = everything_in(after)
    assert SECRET not in found
    for word in (b"/JavaScript", b"/Launch", b"/EmbeddedFile", b"/AcroForm", b"/XFA",
                 b"/OpenAction", b"/AA", b"/Metadata", b"/Producer", b"/Creator"):  # fmt: skip
        assert word not in found, word


async def test_its_words_its_pages_and_its_links_stay(tmp_path: Path) -> None:
    before = papers.changed(papers.pdf("Rain water", "Page two"), with_tricks)
    after = await clean(tmp_path, before, "pdf")
    read = pypdfium2.PdfDocument(after)
    assert len(read) == 2
    assert "Rain water" in read[0].get_textpage().get_text_range()
    assert b"https://city.example/plan" in everything_in(after)


async def test_the_same_file_gives_the_same_copy(tmp_path: Path) -> None:
    content = papers.pdf("Rain water")
    assert await clean(tmp_path, content, "pdf") == await clean(tmp_path, content, "pdf")


async def test_what_a_form_shows_stays_on_its_page(tmp_path: Path) -> None:
    def fill(pdf: pikepdf.Pdf) -> None:
        look = pikepdf.Stream(
            pdf, b"0 0 1 rg 0 0 200 40 re f",
            Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form,
            BBox=pikepdf.Array([0, 0, 200, 40]),
        )  # fmt: skip
        field = pdf.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Tx, T="name",
                V="Suzie", F=4, Rect=pikepdf.Array([100, 100, 300, 140]),
                AP=pikepdf.Dictionary(N=look),
            )
        )  # fmt: skip
        pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([field]))
        pdf.pages[0].obj.Annots = pikepdf.Array([field])

    after = await clean(tmp_path, papers.changed(samples.pdf(1), fill), "pdf")
    assert SECRET not in everything_in(after)
    page = pypdfium2.PdfDocument(after)[0]
    shown = page.render(scale=1).to_pil().convert("RGB")
    assert shown.getpixel((200, round(page.get_height()) - 120)) == (0, 0, 255)


async def test_a_photograph_in_a_pdf_tells_no_place(tmp_path: Path) -> None:
    def add(pdf: pikepdf.Pdf) -> None:
        picture = pikepdf.Stream(
            pdf, papers.photograph(), Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image,
            Width=640, Height=480, ColorSpace=pikepdf.Name.DeviceRGB, BitsPerComponent=8,
            Filter=pikepdf.Name.DCTDecode,
        )  # fmt: skip
        pdf.pages[0].obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(P=picture))

    before = papers.changed(samples.pdf(1), add)
    assert b"Camera of Suzie" in before
    after = await clean(tmp_path, before, "pdf")
    assert b"Camera of Suzie" not in after
    with pikepdf.open(io.BytesIO(after)) as pdf:
        inside = pdf.pages[0].obj.Resources.XObject.P.read_raw_bytes()
    assert Image.open(io.BytesIO(inside)).size == (640, 480)


@pytest.mark.parametrize("kind", ["jpg", "png", "webp"])
async def test_of_a_picture_the_dots_stay_the_right_way_up(tmp_path: Path, kind: str) -> None:
    name = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP"}[kind]
    before = papers.photograph(name)
    assert b"Camera of Suzie" in before
    after = await clean(tmp_path, before, kind)
    assert b"Suzie" not in after and b"Exif" not in after
    picture = Image.open(io.BytesIO(after))
    assert (picture.format, picture.size) == (name, (480, 640)), "turned upright"
    assert not picture.getexif()


async def test_a_moving_picture_gets_its_word(tmp_path: Path) -> None:
    out = io.BytesIO()
    frames = [Image.new("RGB", (400, 400), colour) for colour in ("red", "blue")]
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:])
    assert await refusal(tmp_path, out.getvalue(), "webp") == "moving"


@pytest.mark.parametrize("kind", ["docx", "odt"])
async def test_an_office_file_names_nobody(tmp_path: Path, kind: str) -> None:
    make: Any = getattr(papers, kind)
    before = make("Rain water", "The second paragraph")
    after = await clean(tmp_path, before, kind)
    with zipfile.ZipFile(io.BytesIO(after)) as archive:
        assert archive.testzip() is None
        inside = b"\n".join(archive.read(name) for name in archive.namelist())
        first = archive.infolist()[0]
    assert b"Rain water" in inside and b"The second paragraph" in inside
    assert SECRET not in inside
    if kind == "odt":
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)


CORE = "application/vnd.openxmlformats-package.core-properties+xml"
ABOUT = (
    '<cp:coreProperties xmlns:cp="urn:cp" xmlns:dc="urn:dc">'
    "<dc:creator>Jan Jansen</dc:creator><cp:lastModifiedBy>Jan Jansen</cp:lastModifiedBy>"
    "</cp:coreProperties>"
)
PSMDCP = "package/services/metadata/core-properties/0a1b.psmdcp"


def typed(*said: str) -> str:
    return f'<Types xmlns="urn:types">{"".join(said)}</Types>'


OFFICE: list[tuple[str, dict[str, str]]] = [
    ("docx", {"word/people.xml": '<w15:people><w15:person w15:author="Jan Jansen">'
     '<w15:presenceInfo w15:providerId="None" w15:userId="Jan Jansen"/></w15:person>'
     "</w15:people>"}),
    ("docx", {"word/comments.xml": "<w:comments><w:comment w:initials='Jan Jansen' "
     "w:author = 'Jan Jansen'/></w:comments>"}),
    ("docx", {"word/people.xml": "<w15:person w15:author='Jan Jansen'><w15:presenceInfo "
     "w15:userId='Jan Jansen'/></w15:person>"}),
    ("xlsx", {"xl/workbook.xml": '<workbook><fileSharing readOnlyRecommended="1" '
     'userName="Jan Jansen"/><x15ac:absPath url="C:\\Users\\Jan Jansen\\" xmlns:x15ac="urn:x"/>'
     '<sheets><sheet name="Trees"/></sheets></workbook>'}),
    ("xlsx", {"xl/workbook.xml": "<x:workbook><x:fileSharing userName='Jan Jansen'/>"
     "<x15ac:absPath xmlns:x15ac='urn:x' url='C:\\Users\\Jan Jansen\\'/></x:workbook>"}),
    ("xlsx", {"xl/comments1.xml": "<x:comments><x:author>Jan Jansen</x:author></x:comments>"}),
    ("docx", {PSMDCP: ABOUT}),
    ("docx", {"[Content_Types].xml": typed(f'<Default Extension="psmdcp" ContentType="{CORE}"/>'),
     PSMDCP: ABOUT}),
    ("docx", {"[Content_Types].xml": typed(
        f"<Override ContentType='{CORE}' PartName='/about/Me.dat'/>"), "about/me.dat": ABOUT}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "members"), OFFICE)
async def test_wherever_an_office_file_names_its_author_the_copy_does_not(
    tmp_path: Path, kind: str, members: dict[str, str]
) -> None:
    words = {"word/document.xml": "<w:t>Rain water, said w:Jan</w:t>"}
    after = await clean(tmp_path, samples.zipped({**words, **members}), kind)
    with zipfile.ZipFile(io.BytesIO(after)) as archive:
        assert archive.testzip() is None
        assert set(archive.namelist()) == {*words, *members}
        for name in archive.namelist():
            assert b"Jan Jansen" not in archive.read(name), name
            if name.endswith((".xml", ".psmdcp")):
                ElementTree.fromstring(_bound(archive.read(name)))
        assert b"Rain water, said w:Jan" in archive.read("word/document.xml")


def _bound(content: bytes) -> bytes:
    """The same, its prefixes bound: an attribute that is cut in half is no XML."""
    bound = b"".join(b' xmlns:%s="urn:%s"' % (each, each) for each in (b"w", b"w15", b"x"))
    said = content.partition(b"?>")[2] if content.startswith(b"<?") else content
    return b"<all" + bound + b">" + said + b"</all>"


@pytest.mark.parametrize("kind", ["csv", "txt", "geojson"])
async def test_plain_signs_are_copied_as_they_are(tmp_path: Path, kind: str) -> None:
    content = b"place;number\nAntwerp;12\n"
    assert await clean(tmp_path, content, kind) == content


async def test_a_table_of_a_workbook_keeps_its_name(tmp_path: Path) -> None:
    """Excel asks for it; only people go nameless."""
    person = '<personList><person displayName="Suzie" id="{1}" userId="Suzie" providerId="x"/>'
    before = samples.ooxml(
        samples.SHEET,
        **{
            "xl/tables/table1.xml": '<table id="1" displayName="Trees" name="Trees"/>',
            "xl/persons/person.xml": person + "</personList>",
        },
    )
    after = await clean(tmp_path, before, "xlsx")
    with zipfile.ZipFile(io.BytesIO(after)) as archive:
        assert b'displayName="Trees"' in archive.read("xl/tables/table1.xml")
        assert SECRET not in archive.read("xl/persons/person.xml")
