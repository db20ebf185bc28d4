"""The letter that brings one back to a petition which is half written; it needs no account."""

from mobilise import addresses, db, prose
from mobilise.mail.writing import Kind, Letter, Writer
from mobilise.tokens import DRAFT_DAYS


def resume(writer: Writer, row: db.Record) -> Letter | None:
    """A button that gives the draft to the browser in which it is pressed."""
    if row["email"] is None or row["suppressed"]:
        return None
    # A draft knows one address. A letter that was asked for another one falls away: else it went
    # where it was not counted, and past a wish for no more mail.
    if writer.tokens.recipient(addresses.parse(row["email"]).key) != row["recipient"]:
        return None
    title, token = row["details"]["title"], writer.tokens.resume(row["about"])
    return writer.compose(
        row,
        to=row["email"],
        marks={
            "link": writer.link(f"/{row['language']}/resume/{token}"),
            # Nobody has read it yet, and it goes to whatever address was typed.
            "title": "…" if prose.holds_address(title) or not title else title,
            "stop": writer.stop(row),
        },
        days=DRAFT_DAYS,
    )


LETTERS: dict[str, Kind] = {"resume": resume}
