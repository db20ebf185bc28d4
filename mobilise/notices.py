"""What the next page says about a deed that was just done: `?said=saved`, from this list alone."""

from mobilise.errors import N_

SAID = {
    "saved": N_("Saved."),
    "published": N_("Your petition is open. Anyone can read and sign it."),
    "submitted": N_("Your petition is handed in. The people who run this site read it first."),
    "planned": N_("Your petition opens by itself on its day."),
    "taken_back": N_("Your petition is a draft again. Only you and your group can see it."),
    "closed": N_("Your petition is closed. Everything stays to be read."),
    "reopened": N_("Your petition is open again. Anyone can sign it."),
    "delivered": N_("Noted: your petition was handed over."),
    "answered": N_("Noted: your petition was answered."),
    "thrown_away": N_("The draft is thrown away."),
    "begun_again": N_("This is a new draft with the same words. Change it and hand it in again."),
    "cleared": N_("The petition opens on its day. Its group gets an email."),
    "let_open": N_("The petition is open. Its group gets an email."),
    "send_back": N_("The petition is a draft again. Its group gets an email with your words."),
    "reject": N_("The petition is rejected. Its group gets an email with the reason."),
    "suspend": N_("The petition is suspended. Its group gets an email with the reason."),
    "resume": N_("The petition goes on. Its group gets an email."),
    "remove": N_("The petition is removed. Its group gets an email with the reason."),
    "report_settled": N_("Noted. Who left an address gets an email."),
    "added": N_("Added."),
    "replaced": N_("Replaced. The older file stays listed, with your reason."),
    "redacted": N_("Published. What was marked is gone from the copy; older versions are closed."),
    "original_forgotten": N_("The original is removed. The copy for everybody stays."),
    "sent": N_("Sent."),
    "taken_away": N_("Taken away."),
    "put_back": N_("Put back."),
    "put_aside": N_("Put aside: nobody sees it."),
    "sent_again": N_("What can go, goes again now."),
    "nothing_to_send": N_("There was nothing that can go again."),
    "tried_now": N_("We try again now. Look in a minute."),
    "silence_lifted": N_("We write to this address again."),
    "left": N_("You left the group."),
    "joined": N_("You are in the group."),
    "declined": N_("You said no. You hear no more about it."),
    "invited": N_("The invitation is on its way."),
    "removed": N_("This person is no longer in the group."),
    "handed_over": N_("The group has a new owner. You are an editor now."),
    "session_ended": N_("Logged out there."),
    "address_asked": N_("Two emails are on their way: one to the new address, one to the old."),
    "language": N_("Your desk speaks this language from now on."),
}


def after(address: str, code: str) -> str:
    """The address with what is to be said there; a fragment stays behind it."""
    assert code in SAID, code
    page, mark, fragment = address.partition("#")
    return f"{page}{'&' if '?' in page else '?'}said={code}{mark}{fragment}"
