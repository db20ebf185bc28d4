"""Why a keeper decides against a petition, and why visitors report one: short codes, whose
sentences are translated for whoever reads them."""

from mobilise.errors import N_

REASONS = {
    "same": N_("There is already a petition that asks the same."),
    "not_public": N_("It is not about something that a public body decides."),
    "private": N_("It attacks persons, or it shows private data."),
    "spam": N_("It is advertising or spam."),
    "unlawful": N_("It breaks the law."),
    "other": N_("It does not keep to the rules of this site."),
}
# Where the words themselves do harm they are not shown, not even while it is looked into.
HIDES_THE_TEXT = ("private", "unlawful")

REPORTED = {
    "private": N_("It attacks persons, or it shows private data."),
    "unlawful": N_("It breaks the law."),
    "false": N_("It says something that is not true."),
    "rights": N_("It uses texts or pictures of somebody else."),
    "spam": N_("It is advertising or spam."),
    "other": N_("Something else"),
}
