"""What is odd about the settings in force, and what to do: for the keeper's desk and the doctor."""

from collections.abc import Iterator

from mobilise.errors import N_
from mobilise.settings import Settings

Advice = tuple[str, str]
"""The setting, and an English sentence of the catalogue."""


def advice(settings: Settings) -> Iterator[Advice]:
    """Nothing for a run on one's own computer, but that it is one."""
    if settings.is_private:
        yield (
            "MOBILISE_BASE_URL",
            N_("Only this computer reaches the site. Set its public address for others."),
        )
        return
    if not settings.secure:
        yield (
            "MOBILISE_BASE_URL",
            N_("The site is served without https. Put a proxy with a certificate before it."),
        )
    elif not settings.trusted_proxies.strip():
        yield (
            "MOBILISE_TRUSTED_PROXIES",
            N_("Every visitor looks like your proxy. Fill in its address."),
        )
    if settings.smtp_url is None:
        yield "MOBILISE_SMTP_URL", N_("No email leaves. Fill in your mail server.")
    if settings.mail_from.rpartition("@")[2] in ("", "localhost"):
        yield "MOBILISE_MAIL_FROM", N_("Emails need a sender that exists, in your own domain.")
    if not settings.contact:
        yield "MOBILISE_CONTACT", N_("Nobody can write to you. Fill in your address.")
    if not settings.controller:
        yield (
            "MOBILISE_CONTROLLER",
            N_("The law asks who answers for the data. Fill in name and postal address."),
        )
    if settings.moderated == "off":
        yield (
            "MOBILISE_MODERATION",
            N_("Anybody may publish at once. Choose `first` or `all` to read before."),
        )
