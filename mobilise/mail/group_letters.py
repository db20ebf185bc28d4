"""Letters whose rows come from `group_queries.contents`: to people with an account, about a
petition, a group or the account itself; and to strangers, about what they asked or reported.

Each kind has one function in a module of its own, and three templates in `letters/{kind}/`.
"""

from mobilise.mail import account_letters, life_letters, signer_letters, start_letters
from mobilise.mail.writing import Kind

LETTERS: dict[str, Kind] = {
    **signer_letters.LETTERS,
    **start_letters.LETTERS,
    **account_letters.LETTERS,
    **life_letters.LETTERS,
}
