"""Letters to people with an account: about a petition, a group or the account itself.

Their rows come from `group_queries.contents`. Each kind has one function here, or in a module of
its own that this table takes over, and three templates in `letters/{kind}/`.
"""

from typing import Any

from mobilise import db
from mobilise.mail import signer_letters
from mobilise.mail.writing import Kind, Letter, Writer

LETTERS: dict[str, Kind] = {**signer_letters.LETTERS}


def to_person(
    writer: Writer, row: db.Record, *, marks: dict[str, str] | None = None, **shared: Any
) -> Letter | None:
    """A letter to the account that the row names; None when the account or its mailbox is gone.

    Everything that differs between two letters of a kind and language goes into `marks`.
    """
    if row["email"] is None or row["suppressed"] == "bounced":
        return None
    known = {
        "name": row["name"],
        "title": row["title"] or "",
        "group_name": row["group_name"] or "",
        "desk": writer.link(f"/manage/petitions/{row['slug']}" if row["slug"] else "/manage"),
    }
    return writer.compose(row, to=row["email"], marks=known | (marks or {}), **shared)
