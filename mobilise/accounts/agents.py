"""With which browser somebody is in, in two words. No more is kept: the rest would track people."""

import re

# In this order: most browsers say that they are others too.
_BROWSERS = {
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "Edg": "Edge",
    "OPR": "Opera",
    "SamsungBrowser": "Samsung",
    "CriOS": "Chrome",
    "HeadlessChrome": "Chrome",
    "Chromium": "Chromium",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
_SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS X": "Mac",
    "CrOS": "Chromebook",
    "Linux": "Linux",
}


def in_short(user_agent: str) -> str:
    """ "Firefox/Android"; a side that nobody knows stays empty."""
    said = user_agent[:500]
    browser = next((word for sign, word in _BROWSERS.items() if re.search(rf"\b{sign}", said)), "")
    system = next((word for sign, word in _SYSTEMS.items() if sign in said), "")
    return f"{browser}/{system}"
