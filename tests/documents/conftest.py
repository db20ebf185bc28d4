"""What became of the real files and of the malformed ones, at the end of the run."""

import pytest

from tests.documents import real_files


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for called, counts in real_files.COUNTS.items():
        said = ", ".join(f"{counts[what]} {what}" for what in ("accepted", "refused", "failed"))
        total = sum(counts.values())
        terminalreporter.write_line(
            f"{called}: {said} with a sentence; {total} of {total} survived"
        )
