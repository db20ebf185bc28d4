"""Letters about an account itself, and about who is in a group."""

from typing import Any

from mobilise import addresses, db, prose
from mobilise.mail.writing import Kind, Letter, Writer
from mobilise.tokens import ADDRESS_HOURS, INVITATION_DAYS


def invitation(writer: Writer, row: db.Record) -> Letter | None:
    """Who invites to what, and one button. It goes to whatever address was typed, so whoever
    wants no mail gets none, and its words hold nothing to click on but ours."""
    said = row["details"]
    if said is None or row["suppressed"]:
        return None
    token = writer.tokens.invitation(row["about"])
    return _letter(
        writer,
        row,
        link=writer.link(f"/{row['language']}/invitations/{token}"),
        stop=writer.stop(row),
        inviter=_plain(said["inviter"]),
        group_name=_plain(said["group_name"]),
        greeting=said["greeting"],
        shared={"role": said["role"], "greets": bool(said["greeting"]), "days": INVITATION_DAYS},
    )


def handed_over(writer: Writer, row: db.Record) -> Letter | None:
    """You are the owner of the group from now on."""
    said = row["details"]
    if said is None:
        return None
    link = writer.link(f"/manage/groups/{said['group_slug']}")
    return _letter(writer, row, group_name=said["group_name"], link=link)


def account_new_address(writer: Writer, row: db.Record) -> Letter | None:
    """To the address that an account is to move to. A stranger who wants no mail gets none."""
    return None if row["suppressed"] else _about_an_address(writer, row, "new")


def account_old_address(writer: Writer, row: db.Record) -> Letter | None:
    """To the address that an account has: agree, or stop it."""
    if row["details"] is None:
        return None
    masked = addresses.masked(row["details"]["new_email"])
    return _about_an_address(writer, row, "old", new_email=masked)


def _about_an_address(writer: Writer, row: db.Record, side: str, **marks: str) -> Letter | None:
    token = writer.tokens.account_address(row["about"], side)
    link = writer.link(f"/{row['language']}/address/{token}")
    marks |= {"link": link, "not_me": f"{link}/stop", "stop": writer.stop(row)}
    return _letter(writer, row, shared={"hours": ADDRESS_HOURS}, **marks)


def account_erased(writer: Writer, row: db.Record) -> Letter | None:
    """The last one: the account is gone."""
    return _letter(writer, row)


def account_unused(writer: Writer, row: db.Record) -> Letter | None:
    """An account that nobody uses goes, unless somebody logs in."""
    link = writer.link(f"/{row['language']}/login")
    return _letter(writer, row, link=link, shared={"unused_days": UNUSED_DAYS})


UNUSED_DAYS = 60  # from the letter until the account goes


def _letter(
    writer: Writer, row: db.Record, *, shared: dict[str, Any] | None = None, **marks: str
) -> Letter | None:
    """None when the account or what it is about is gone, or when the address does not exist."""
    if row["email"] is None or row["suppressed"] == "bounced":
        return None
    key = tuple((shared or {}).values())
    return writer.compose(
        row,
        to=row["email"],
        marks={"name": _plain(row["name"]), **marks},
        key=key,
        **(shared or {}),
    )


def _plain(words: str) -> str:
    """Never something to click on."""
    return "…" if prose.holds_address(words) else words


LETTERS: dict[str, Kind] = {
    "invitation": invitation,
    "handed_over": handed_over,
    "account_new_address": account_new_address,
    "account_old_address": account_old_address,
    "account_erased": account_erased,
    "account_unused": account_unused,
}
