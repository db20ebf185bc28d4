"""Letters to signers, to whoever comes in, and to the keeper: one function each, three templates
each. Those to the people of a group are in `group_letters`."""

from collections.abc import Mapping

from mobilise import db, prose
from mobilise.mail import group_letters
from mobilise.mail.writing import Kind, Letter, Writer, first_name


def confirm(writer: Writer, row: db.Record) -> Letter | None:
    """ "Press once more, Suzie": the button, the code, and what happens without them."""
    if row["state"] != "pending":
        return None
    code = writer.tokens.code(*_ids(row), row["id"])
    link = writer.link(f"/{row['language']}/confirm/{writer.tokens.confirm(*_ids(row))}")
    marks = {"code": _in_two(code), "link": link, "not_me": f"{link}/not-me"}
    return _about_a_signature(writer, row, marks)


def already_signed(writer: Writer, row: db.Record) -> Letter | None:
    """Somebody filled in an address that has signed; only its owner learns so."""
    return _about_a_signature(writer, row, {}) if row["state"] == "confirmed" else None


def _about_a_signature(writer: Writer, row: db.Record, marks: Mapping[str, str]) -> Letter | None:
    """In each: your name, your signature, how to take it back, and how to end all mail."""
    if row["suppressed"] or row["title"] is None:
        return None
    mine = writer.link(f"/{row['language']}/signature/{writer.tokens.signature(*_ids(row))}")
    return writer.compose(
        row,
        to=row["email"],
        sender=f"{row['group_name']}, via {writer.settings.name}",  # who writes, who carries it
        key=(row["petition_id"], row["version"]),
        marks={
            **marks,
            "name": row["name"],
            "first_name": first_name(row["name"]),
            "mine": mine,
            "withdraw": f"{mine}/withdraw",
            "stop": writer.stop(row),
        },
        title=row["title"],
        addressee=row["addressee"],
        group_name=row["group_name"],
        petition_path=f"/{row['language']}/petitions/{row['slug']}",
    )


def _ids(row: db.Record) -> tuple[int, int, int]:
    return row["petition_id"], row["signature_id"], row["token_version"]


def _in_two(code: str) -> str:
    """123 456: two short numbers are read and typed more easily than a long one."""
    return f"{code[:3]} {code[3:]}"


def login(writer: Writer, row: db.Record) -> Letter | None:
    """A link with a button behind it, or six digits; ten minutes.

    Asking is the same for everybody; here it ends for an address without an account.
    """
    if row["nonce"] is None or row["used_at"] is not None or row["suppressed"] == "bounced":
        return None
    if row["suppressed"] and not row["has_account"]:
        return None  # whoever wants no mail still gets in; a stranger's form does not reach her
    if row["purpose"] == "login" and not row["has_account"]:
        return None
    code, title = writer.tokens.login_code(row["nonce"]), (row["draft"] or {}).get("title", "")
    token = writer.tokens.login(row["login_id"], row["nonce"])
    return writer.compose(
        row,
        to=row["login_email"],
        marks={
            "code": _in_two(code),
            "link": writer.link(f"/{row['language']}/{row['purpose']}/{token}"),
            # Nobody has read it yet, and it goes to whatever address was typed.
            "title": "…" if prose.holds_address(title) else title,
            "stop": writer.stop(row),
        },
    )


start = login  # the same link and code; the words around them are those of `letters/start/`


def note(writer: Writer, row: db.Record) -> Letter | None:
    """What a visitor wrote to the keeper."""
    if row["message"] is None or not writer.settings.contact:
        return None
    return writer.compose(
        row,
        to=writer.settings.contact,
        reply_to=row["writer_email"],
        marks={
            "name": row["writer"],
            "email": row["writer_email"],
            "message": row["message"],
        },
    )


LETTERS: dict[str, Kind] = {
    **group_letters.LETTERS,
    "confirm": confirm,
    "already_signed": already_signed,
    "login": login,
    "start": start,
    "note": note,
}
