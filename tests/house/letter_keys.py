"""One of everything that a link in a letter opens, and the link's last part."""

import secrets

from mobilise import addresses, db
from mobilise.db import Database
from mobilise.petitions.reading import Petition
from mobilise.tokens import Tokens
from tests import make

# Enough to become a petition.
WORDS = {
    "title": "Zebra crossings in Harbour Street",
    "addressee": "The city council of Antwerp",
    "why": make.TEXT,
    "goal": "300",
    "group": "Walkers",
}


async def minted(
    database: Database, tokens: Tokens, petition: Petition, group_id: int, name: str
) -> dict[str, str]:
    """The links of somebody called so, by the word before them in their address: for
    /en/confirm/{token} that is `confirm`."""
    holder = await make.person(database, name)
    signed = {
        state: await make.signature(database, petition, state, name=name)
        for state in ("pending", "confirmed")
    }
    pending, confirmed = ((petition.id, row["id"], row["token_version"]) for row in signed.values())
    return {
        "confirm": tokens.confirm(*pending),
        "signature": tokens.signature(*confirmed),
        "u": tokens.unsubscribe(petition.id, tokens.recipient(holder.email).hex()),
        "new-address": await _new_address(database, tokens, petition.id, confirmed[1], name),
        "question": await _question(database, tokens, petition.id, holder),
        "resume": tokens.resume(await _start(database, holder)),
        "start": await _login(database, tokens, holder, await _start(database, holder)),
        "login": await _login(database, tokens, holder),
        "invitations": await _invitation(database, tokens, group_id, name),
        "address": await _moving(database, tokens, holder),
    }


async def _new_address(
    database: Database, tokens: Tokens, petition_id: int, signature_id: int, name: str
) -> str:
    new = addresses.parse(f"{name.lower()}.new@post.example")
    change_id = await db.value(
        database,
        """insert into address_changes (petition_id, signature_id, token_version, email, email_key)
           values (:petition_id, :signature_id, 1, :sent, :key) returning id""",
        petition_id=petition_id,
        signature_id=signature_id,
        sent=new.sent,
        key=new.key,
    )
    return tokens.new_address(petition_id, change_id)


async def _question(
    database: Database, tokens: Tokens, petition_id: int, holder: make.Person
) -> str:
    question_id = await db.value(
        database,
        """insert into questions (petition_id, name, email, email_key, language, question)
           values (:petition_id, :name, :email, :email, 'en', 'When?') returning id""",
        petition_id=petition_id,
        name=holder.name,
        email=holder.email,
    )
    return tokens.question(petition_id, question_id)


async def _start(database: Database, holder: make.Person) -> int:
    return int(
        await db.value(
            database,
            """insert into starts (language, words, email) values ('en', :words, :email)
               returning id""",
            words=WORDS,
            email=holder.email,
        )
    )


async def _login(
    database: Database, tokens: Tokens, holder: make.Person, start_id: int | None = None
) -> str:
    """To log in, or to make a petition of that start."""
    nonce = secrets.token_bytes(16)
    login_id = await db.value(
        database,
        """insert into login_tokens (purpose, email, email_key, language, nonce, browser, draft)
           values (:purpose, :email, :email, 'en', :nonce, ''::bytea, :draft) returning id""",
        purpose="login" if start_id is None else "start",
        email=holder.email,
        nonce=nonce,
        draft={"email": holder.email}
        | ({} if start_id is None else {"name": holder.name, "start": start_id}),
    )
    return tokens.login(login_id, nonce)


async def _invitation(database: Database, tokens: Tokens, group_id: int, name: str) -> str:
    invited = addresses.parse(f"{name.lower()}.invited@post.example")
    invitation_id = await db.value(
        database,
        """insert into invitations (group_id, email, email_key, role, language)
           values (:group_id, :sent, :key, 'editor', 'en') returning id""",
        group_id=group_id,
        sent=invited.sent,
        key=invited.key,
    )
    return tokens.invitation(invitation_id)


async def _moving(database: Database, tokens: Tokens, holder: make.Person) -> str:
    moving = addresses.parse(f"moving.{holder.email}")
    change_id = await db.value(
        database,
        """insert into mailbox_changes (person_id, session, email, email_key)
           values (:person_id, ''::bytea, :sent, :key) returning id""",
        person_id=holder.id,
        sent=moving.sent,
        key=moving.key,
    )
    return tokens.account_address(change_id, "old")  # the one that may stop it, too
