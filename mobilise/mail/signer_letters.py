"""Letters to who signed or asked, about more than one signature's confirmation. They need no
account: their rows come from `group_queries.contents`, with the address in `details`."""

from typing import Any

from markupsafe import Markup

from mobilise import db
from mobilise.mail.writing import Kind, Letter, Writer, first_name

_LINK = Markup('<a href="{}" style="color:#065B39">{}</a>')


def my_signatures(writer: Writer, row: db.Record) -> Letter | None:
    """All signatures of one mailbox, a link each. A mailbox that has none gets no letter."""
    found = [
        signature
        for signature in (row["details"] or {}).get("signatures") or []
        # Of one that moved to another address the old mailbox must not hear any more.
        if writer.tokens.recipient(signature["email_key"]) == row["recipient"]
    ]
    if not found or row["suppressed"]:
        return None
    links = [(_mine(writer, row, each), f"{each['title']} ({each['name']})") for each in found]
    return writer.compose(
        row,
        to=found[-1]["email"],
        marks={
            "as_text": "\n\n".join(f"{words}\n{link}" for link, words in links),
            "as_html": Markup("<br><br>").join(_LINK.format(*link) for link in links),
            "stop": writer.stop(row),
        },
    )


def _mine(writer: Writer, row: db.Record, signature: dict[str, Any]) -> str:
    token = writer.tokens.signature(
        signature["petition_id"], signature["id"], signature["token_version"]
    )
    return writer.link(f"/{row['language']}/signature/{token}")


def new_address(writer: Writer, row: db.Record) -> Letter | None:
    """To the address that a signature is to move to: the button moves it."""
    token = writer.tokens.new_address(row["petition_id"], row["about"])
    return _to_stranger(writer, row, "new-address", token)


def question_confirm(writer: Writer, row: db.Record) -> Letter | None:
    """Was it you who asks? Without what was written: anybody can fill in anybody's address."""
    token = writer.tokens.question(row["petition_id"], row["about"])
    return _to_stranger(writer, row, "question", token)


def question_answered(writer: Writer, row: db.Record) -> Letter | None:
    """The group's answer, beside the question."""
    token = writer.tokens.question(row["petition_id"], row["about"])
    said = row["details"] or {}
    words = {"question": said.get("question", ""), "answer": said.get("answer", "")}
    return _to_stranger(writer, row, "question", token, **words)


def question_asked(writer: Writer, row: db.Record) -> Letter | None:
    """To the people of the group: somebody asks, and the desk is where they answer."""
    said = row["details"]
    if said is None or row["email"] is None or row["suppressed"] == "bounced":
        return None
    return writer.compose(
        row,
        to=row["email"],
        marks={
            "asker": first_name(said["asker"]),
            "question": said["question"],
            "title": row["title"] or "",
            "desk": writer.link(f"/manage/petitions/{row['slug']}/questions/{row['about']}"),
        },
    )


def _to_stranger(
    writer: Writer, row: db.Record, kind: str, token: str, **words: str
) -> Letter | None:
    if row["email"] is None or row["suppressed"] or row["title"] is None:
        return None
    return writer.compose(
        row,
        to=row["email"],
        sender=f"{row['group_name']}, via {writer.settings.name}",
        marks={
            "first_name": first_name(row["name"]),
            "title": row["title"],
            "group_name": row["group_name"],
            "link": writer.link(f"/{row['language']}/{kind}/{token}"),
            "stop": writer.stop(row),
            **words,
        },
    )


LETTERS: dict[str, Kind] = {
    "my_signatures": my_signatures,
    "new_address": new_address,
    "question_confirm": question_confirm,
    "question_asked": question_asked,
    "question_answered": question_answered,
}
