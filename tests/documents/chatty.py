"""A child that complains at length before it ends: what the tests of `confined` start."""

import sys


def main() -> None:
    sys.stderr.write("Nobody listens to me.\n" * 20_000)  # more than a pipe holds
    raise MemoryError
