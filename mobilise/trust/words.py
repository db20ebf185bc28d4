"""The words of the keeper's desk: states, decisions, and what to look at before opening one."""

from dataclasses import dataclass

from mobilise.errors import N_

# In the order of a life. Drafts are their groups' own.
STATES = {
    "submitted": N_("Waits"),
    "open": N_("Open"),
    "closed": N_("Closed"),
    "delivered": N_("Handed over"),
    "answered": N_("Answered"),
    "rejected": N_("Rejected"),
    "suspended": N_("Suspended"),
    "removed": N_("Removed"),
}
CHECKLIST = (
    N_("It asks something that a public body decides about."),
    N_("It names who decides, and that is right."),
    N_("It says what it asks for, so that one can say yes or no."),
    N_("It attacks nobody, and it shows no private data."),
    N_("Texts and pictures belong to the group, or are free to use."),
    N_("No open petition asks the same."),
    N_("You need not agree with it."),
)


@dataclass(frozen=True)
class Decision:
    """How a decision is offered and asked about. `undoes`: its button warns."""

    name: str  # of the move
    label: str
    heading: str
    means: str
    undoes: bool


DECISIONS = {
    "send-back": Decision(
        "send_back",
        N_("Send it back"),
        N_("Send it back for changes"),
        N_("It becomes a draft again. The group reads what you ask, and hands it in again."),
        False,
    ),
    "reject": Decision(
        "reject",
        N_("Reject it"),
        N_("Reject the petition"),
        N_(
            "It never opens. Everyone can read your reason on its page, and the text too, unless "
            "the text itself does harm."
        ),
        True,
    ),
    "suspend": Decision(
        "suspend",
        N_("Suspend it"),
        N_("Suspend the petition"),
        N_("Nobody can sign it until you let it go on. Its signatures stay stored."),
        True,
    ),
    "resume": Decision(
        "resume",
        N_("Let it go on"),
        N_("Let the petition go on"),
        N_("It is again as it was before it was suspended."),
        False,
    ),
    "remove": Decision(
        "remove",
        N_("Remove it"),
        N_("Remove the petition"),
        N_("Its page says that it was removed, and why. This cannot be undone."),
        True,
    ),
}
