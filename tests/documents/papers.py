"""Papers that say something: PDFs typeset on the spot, office files, tables and a photograph."""

import io
from pathlib import Path
from tempfile import TemporaryDirectory

import pikepdf
import typst
from PIL import Image

from tests.documents import samples

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def pdf(*pages: str, title: str = "Soil and water") -> bytes:
    """One page a text; typst writes paragraphs where there is an empty line."""
    source = f'#set document(title: "{title}", author: "Suzie Signer")\n#set page("a4")\n'
    source += "\n#pagebreak()\n".join(pages)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "paper.typ"
        file.write_text(source, encoding="utf-8")
        made = typst.compile(str(file), format="pdf", ignore_system_fonts=True)
    assert isinstance(made, bytes)
    return made


def changed(content: bytes, change: object) -> bytes:
    """The PDF after `change(pdf)`, which does to it what no office program should."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as opened:
        assert callable(change)
        change(opened)
        opened.save(out)
    return out.getvalue()


def photograph(kind: str = "JPEG", size: tuple[int, int] = (640, 480)) -> bytes:
    """Taken on its side by a camera that knows where it stood."""
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6  # a quarter turn
    exif[0x010F] = "Camera of Suzie"
    exif.get_ifd(0x8825)[2] = (51.0, 13.0, 12.0)  # latitude
    picture = Image.linear_gradient("L").resize(size).convert("RGB")
    picture.save(out, kind, exif=exif.tobytes())
    return out.getvalue()


def docx(*paragraphs: str, author: str = "Suzie Signer") -> bytes:
    said = "".join(f"<w:p><w:r><w:t>{each}</w:t></w:r></w:p>" for each in paragraphs)
    change = f'<w:p><w:ins w:id="1" w:author="{author}"><w:r><w:t>new</w:t></w:r></w:ins></w:p>'
    types = (
        '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
        f'content-types"><Override PartName="/word/document.xml" ContentType="{samples.TEXT}"/>'
        "</Types>"
    )
    core = (
        '<?xml version="1.0"?><cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/'
        'package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:creator>{author}</dc:creator></cp:coreProperties>"
    )
    return samples.zipped(
        {
            "[Content_Types].xml": types,
            "word/document.xml": f'<w:document xmlns:w="{WORD}"><w:body>{said}{change}</w:body>'
            "</w:document>",
            "docProps/core.xml": core,
            "word/media/image1.jpeg": photograph(),
        }
    )


def odt(*paragraphs: str, author: str = "Suzie Signer") -> bytes:
    office = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
    text = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
    said = "".join(f"<text:p>{each}</text:p>" for each in paragraphs)
    return samples.zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f'<office:document-content xmlns:office="{office}" xmlns:text="{text}">'
            f"<office:body><office:text>{said}</office:text></office:body>"
            "</office:document-content>",
            "meta.xml": f'<office:document-meta xmlns:office="{office}" xmlns:dc='
            '"http://purl.org/dc/elements/1.1/"><office:meta>'
            f"<dc:creator>{author}</dc:creator></office:meta></office:document-meta>",
            "META-INF/manifest.xml": '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:open'
            'document:xmlns:manifest:1.0"/>',
        },
        stored=("mimetype",),
    )


def indented_ods(rows: list[list[str]]) -> str:
    """The table of an ods as a program writes it that puts each element on a line of its own."""
    office, table, text = (
        f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0" for name in ("office", "table", "text")
    )
    told = "".join(
        "\n  <table:table-row>\n"
        + "".join(
            '    <table:table-cell office:value-type="string">\n'
            f"      <text:p>{cell}</text:p>\n    </table:table-cell>\n"
            for cell in row
        )
        + "  </table:table-row>\n"
        for row in rows
    )
    return (
        f'<office:document-content xmlns:office="{office}" xmlns:table="{table}" '
        f'xmlns:text="{text}"><office:body><office:spreadsheet>\n<table:table table:name="Trees">'
        f"{told}</table:table></office:spreadsheet></office:body></office:document-content>"
    )


def xlsx_with_blanks(numbers: list[str]) -> bytes:
    """A workbook of one column, its numbers as they are given."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    related = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    rows = "".join(
        f'<row r="{n}"><c r="A{n}" t="n"><v>{value}</v></c></row>'
        for n, value in enumerate(numbers, start=1)
    )
    return samples.xlsx(
        **{
            "_rels/.rels": f'<Relationships xmlns="{package}"><Relationship Id="rId1" '
            f'Type="{related}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{related}"><sheets>'
            '<sheet name="Trees" sheetId="1" r:id="rId1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}"><Relationship '
            f'Id="rId1" Type="{related}/worksheet" Target="worksheets/sheet1.xml"/>'
            "</Relationships>",
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData>'
            "</worksheet>",
        }
    )
