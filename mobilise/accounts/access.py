"""Who may do what: policy as sentences over a person's role in the group of a petition."""

from mobilise import db
from mobilise.accounts import queries

Role = str | None  # owner, editor, clerk; None is a stranger


def may_see_desk(role: Role) -> bool:
    """Everybody in the group sees its desk: drafts, numbers, letters on the way."""
    return role in ("owner", "editor", "clerk")


def may_edit(role: Role) -> bool:
    """Owners and editors write texts and add documents."""
    return role in ("owner", "editor")


def may_publish(role: Role) -> bool:
    """Only an owner speaks to the public in the name of the group."""
    return role == "owner"


def may_close(role: Role) -> bool:
    """Only an owner ends what the group began."""
    return role == "owner"


def may_see_signers(role: Role) -> bool:
    """Owners answer for the names; a clerk checks them. An editor has no need of them."""
    return role in ("owner", "clerk")


def may_answer(role: Role) -> bool:
    """Owners and editors answer questions, and let comments through."""
    return role in ("owner", "editor")


def may_delete(role: Role) -> bool:
    """Only an owner throws a draft away."""
    return role == "owner"


def may_manage_group(role: Role) -> bool:
    """Only an owner invites, gives roles, and says who the group is."""
    return role == "owner"


def may_hand_over(role: Role) -> bool:
    """Only an owner has what is handed over."""
    return role == "owner"


def may_see_group(role: Role) -> bool:
    """Everybody in the group sees who is in it, and may leave."""
    return role in ("owner", "editor", "clerk")


def allowed(role: Role) -> dict[str, bool]:
    """Every sentence at once, for pages that show only what one may do: `may.edit`."""
    sentences = {name: deed for name, deed in globals().items() if name.startswith("may_")}
    return {name.removeprefix("may_"): deed(role) for name, deed in sentences.items()}


async def role_in(database: db.Database, person_id: int, group_id: int) -> Role:
    return await queries.role(database, person_id, group_id)
