"""What may be done with a document: words for people, and what machines read."""

from mobilise.errors import N_

RIGHTS = {
    "own": N_("Ours"),
    "official": N_("Official document"),
    "permission": N_("With permission"),
    "study": N_("Study, no known limits"),
    "view_only": N_("View only"),
    "unknown": N_("Rights unknown"),
}
"""Word of `documents.rights` → the tag beside a document."""

EXPLAINED = {
    "own": N_("Ours: free to use with our name (CC BY 4.0)"),
    "official": N_("Official document of an authority: free to share"),
    "permission": N_("Published here with permission of its maker"),
    "study": N_("Study of others, without known limits"),
    "view_only": N_("Plan that may be viewed and not copied: the file stays elsewhere"),
    "unknown": N_("We do not know. Ask its maker before you use it"),
}
"""The same as a choice of the group, and among the facts of a document."""

LICENSES = {"own": "CC-BY-4.0"}
"""SPDX identifiers, where there is one."""

LANGUAGES = {
    "simple": N_("None, or more than one"),
    "nl": N_("Dutch"),
    "fr": N_("French"),
    "de": N_("German"),
    "en": N_("English"),
}
"""In which language a document is read and searched."""
