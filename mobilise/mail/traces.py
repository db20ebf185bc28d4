"""What the mail keeps of one signer or asker, for whoever moves, asks what is held, or goes."""

from collections.abc import Sequence

from mobilise import db
from mobilise.mail.outbox import SUBSCRIBE, SUBSCRIBE_AGAIN


async def subscribe(
    database: db.Database, petition_id: int, email_key: str, email: str, language: str
) -> None:
    """News of this petition goes to this mailbox from now on."""
    await db.run(
        database,
        f"{SUBSCRIBE} values (:petition_id, :email_key, :email, :language) {SUBSCRIBE_AGAIN}",
        petition_id=petition_id,
        email_key=email_key,
        email=email,
        language=language,
    )


async def forget_subscription(database: db.Database, petition_id: int, email_key: str) -> None:
    await db.run(
        database,
        "delete from subscriptions where petition_id = :petition_id and email_key = :email_key",
        petition_id=petition_id,
        email_key=email_key,
    )


async def forget_letters(
    database: db.Database,
    petition_id: int,
    *,
    signature_id: int | None = None,
    about: int | None = None,
    kinds: Sequence[str] = (),
) -> None:
    """Those of one signature, or of these kinds about one row, within the caller's transaction."""
    await db.run(
        database,
        """
        delete from letters where petition_id = :petition_id
          and (signature_id = :signature_id::bigint
               or about = :about::bigint and kind = any(:kinds::text[]))
        """,
        petition_id=petition_id,
        signature_id=signature_id,
        about=about,
        kinds=list(kinds),
    )


async def letters_about(
    database: db.Database, petition_id: int, signature_id: int
) -> list[db.Record]:
    """What was sent for one signature, and how it went."""
    return await db.rows(
        database,
        """
        select kind, state, created_at, sent_at from letters
        where petition_id = :petition_id and signature_id = :signature_id order by id
        """,
        petition_id=petition_id,
        signature_id=signature_id,
    )
