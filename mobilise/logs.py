"""One line an event on stdout, with tokens and addresses masked wherever they turn up."""

import logging
import re
import sys

# Looked for at the beginning of a word only: from every sign of a long one it would take minutes.
_ADDRESS = re.compile(r"(?<![\w.+%-])[\w.+%-]+@[\w-]+(\.[\w-]+)+")
_TOKEN = re.compile(r"(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]{5,8}\.[A-Za-z0-9_-]{20,}")
_PASSWORD = re.compile(r"(://[^:/\s]+:)[^@\s]+@")


class Masked(logging.Formatter):
    """Even a traceback may quote an address; nothing leaves unmasked."""

    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record)
        line = _PASSWORD.sub(r"\1…@", line)
        return _ADDRESS.sub("…@…", _TOKEN.sub("…token…", line))


def to_stdout() -> None:
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(Masked("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    # `databases` prints values at DEBUG; asyncio's is noise.
    for name in ("databases", "asyncio", "pgqueuer", "aiosmtplib"):
        logging.getLogger(name).setLevel(logging.WARNING)
