"""An address to serve at: is it free, is it ours alone, does it answer?"""

import errno
import http.client
import ipaddress
import socket
import sys
import time


class PortTaken(Exception):
    """The address cannot be served; the message is a sentence for the keeper."""


def free_address(host: str, port: int) -> str:
    """The number behind `host`, when nobody serves there at `port`; else `PortTaken`.

    Granian wants a number, and shares its port with whoever asks (SO_REUSEPORT), so we look
    for ourselves.
    """
    deadline = time.monotonic() + 2  # the orphans of a killed run leave within moments
    while True:
        try:
            return _bind(host, port)
        except socket.gaierror:
            raise PortTaken(f"There is no address called {host}. Try --host 127.0.0.1.") from None
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                why = error.strerror
                raise PortTaken(f"mobilise cannot listen on {host}, port {port}: {why}.") from None
        if time.monotonic() > deadline:
            raise PortTaken(
                f"Port {port} is already in use. Stop what uses it, or choose another"
                f" with --port {port + 1}."
            )
        time.sleep(0.1)


def _bind(host: str, port: int) -> str:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    found.sort(key=lambda each: each[0] != socket.AF_INET)  # for `localhost`, which is both
    family, kind, protocol, _, address = found[0]
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(address)
    return str(address[0])


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:  # a name
        return host == "localhost"


def answers(host: str, port: int) -> bool:
    """Does a web server serve there, whatever it has to say?"""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def first_free(first: int, last: int) -> int:
    """A port of this computer where nobody serves; for those who do not mind which."""
    for port in range(first, last + 1):
        try:
            _bind("127.0.0.1", port)
            return port
        except OSError:
            continue
    raise PortTaken(f"The ports {first} to {last} are all in use. Stop something, or say PORT=….")


def main() -> None:
    """`python -m mobilise.ports FIRST LAST` tells `make run` where to serve."""
    first, last = int(sys.argv[1]), int(sys.argv[2])
    try:
        port = first_free(first, max(first, last))
    except PortTaken as taken:
        sys.exit(str(taken))
    if port != first:
        print(f"Port {first} is in use, so mobilise takes port {port}.", file=sys.stderr)
    print(port)


if __name__ == "__main__":
    main()
