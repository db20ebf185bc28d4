"""Refusals: what the rooms raise when a deed cannot be done. One handler, `refusals.refuse`, shows
them.

A message is an English sentence of the catalogue; the edge translates it for the reader.
"""

from typing import Any


def N_(message: str) -> str:
    """Marks a sentence for translation where it stands; it is translated where it is shown."""
    return message


class Refusal(Exception):
    """A deed that is refused, with a kind sentence that says what to do."""

    status = 400
    code = "refused"  # what a machine knows it by: it stays the same
    heading = N_("That did not work")
    message = N_("Go back, look at what you filled in, and try again.")

    def __init__(self, message: str | None = None, **values: Any) -> None:
        super().__init__(message or self.message)
        self.message = message or self.message
        self.values = values


class NotFound(Refusal):
    status = 404
    code = "not-found"
    heading = N_("This page does not exist")
    message = N_("Check the address, or start from the home page.")


class NotAllowed(Refusal):
    status = 403
    code = "not-allowed"
    heading = N_("You may not do this")
    message = N_("Ask the owner of your group for help.")


class CrossOrigin(Refusal):
    status = 403
    code = "cross-origin"
    heading = N_("This came from another site")
    message = N_("Open the page on this site and fill in the form there.")


class WrongMethod(Refusal):
    status = 405
    code = "wrong-method"
    message = N_("This address can be read, and no more.")


class Closed(Refusal):
    status = 409
    code = "closed"
    heading = N_("This petition is closed")
    message = N_("It takes no more signatures. You can still read everything.")


class NotNow(Refusal):
    """The state of a thing does not allow the deed."""

    status = 409
    code = "not-now"
    heading = N_("That cannot be done now")


class ChangedMeanwhile(NotNow):
    """Somebody else saved something while this was written. Who saves once more knows of it."""

    message = N_("Somebody else changed this a moment ago. Look at what stands here now.")


class Gone(Refusal):
    status = 410
    code = "gone"
    heading = N_("This is no longer here")
    message = N_("It was taken away by those who published it.")


class Suspended(Refusal):
    """Taken off for a while, by a keeper."""

    status = 403
    code = "suspended"
    heading = N_("This petition is suspended")
    message = N_("The people who run this site look into it. Come back later.")


class Rejected(Refusal):
    """It never opened, and its words do harm: its page says why, and nothing more."""

    status = 410
    code = "rejected"
    heading = N_("This petition was rejected")
    message = N_("The people who run this site do not show it. The reason: %(reason)s")


class TooLarge(Refusal):
    status = 413
    code = "too-large"
    heading = N_("This is too large")
    message = N_("Send something smaller, and try again.")


class TooSlow(Refusal):
    status = 408
    code = "too-slow"


class WrongType(Refusal):
    status = 415
    code = "wrong-type"
    heading = N_("We cannot take this kind of file")
    message = N_("Choose another kind of file.")


class Unprocessable(Refusal):
    """A question of a machine that we do not understand."""

    status = 422
    code = "unprocessable"
    heading = N_("We do not understand this question")


class TooMany(Refusal):
    status = 429
    code = "too-many"
    heading = N_("Wait a moment")
    message = N_("There were many tries in a short time. Try again in ten minutes.")


class Unavailable(Refusal):
    status = 503
    code = "unavailable"
    heading = N_("We cannot reach our data right now")
    message = N_("This page tries again by itself in ten seconds. What was stored stays stored.")


class Broken(Refusal):
    """A fault of ours, already in the log."""

    status = 500
    code = "broken"
    heading = N_("Something broke on our side")
    message = N_("It is in our log. Try again in a minute. What was stored stays stored.")


# What a machine may meet at the addresses that are made for machines.
OF_MACHINES: tuple[type[Refusal], ...] = (
    Refusal,
    Suspended,
    NotFound,
    WrongMethod,
    Gone,
    Unprocessable,
    TooMany,
    Broken,
    Unavailable,
)
