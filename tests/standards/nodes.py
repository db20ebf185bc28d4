"""Readers of other languages than ours: packages for node, where they are installed.

`MOBILISE_TEST_NODE_MODULES` is a folder of node_modules with feedsmith and ical.js in it, as
`.ci/run` makes one.
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

FOLDER = os.environ.get("MOBILISE_TEST_NODE_MODULES", "")


def run(script: str, given: bytes) -> subprocess.CompletedProcess[bytes]:
    """A module of JavaScript, which reads `given` from its standard input."""
    program = shutil.which("node")
    if program is None or not Path(FOLDER or "/nowhere").is_dir():
        missing = "node, or its packages, are not installed: see MOBILISE_TEST_NODE_MODULES"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    path = Path(FOLDER).parent / "reader.mjs"
    path.write_text(script, "utf-8")
    return subprocess.run([program, str(path)], input=given, capture_output=True, timeout=60)
