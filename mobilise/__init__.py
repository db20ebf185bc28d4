"""mobilise: petitions for residents' groups."""

import sys

__version__ = "0.1.0"

if sys.platform == "win32":
    raise SystemExit("mobilise runs on Linux and macOS. On Windows, run it inside WSL.")
