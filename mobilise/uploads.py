"""Reads an upload as it arrives: fields into memory, the file into a draft of the store.

Memory does not know how large the file is. What is over the limit is read and thrown away,
so that the browser gets our sentence instead of a broken connection.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header

from mobilise import arriving
from mobilise.errors import N_, Refusal, TooLarge, WrongType
from mobilise.store import Draft, Store

LARGEST = 200 * 1024 * 1024
"""Bytes of one document."""
LONGEST_FIELD = 64 * 1024
MOST_PARTS = 20
PIECE = 1024 * 1024
"""Bytes that are gathered before a thread writes and hashes them."""


class BrokenOff(Refusal):
    """The body ended in the middle, or is no form at all."""

    message = N_("The file did not arrive whole. Choose it again, and send it once more.")


@dataclass
class Upload:
    """What was sent. `draft` is None when no file was chosen."""

    fields: list[tuple[str, str]] = field(default_factory=list)
    name: str = ""
    draft: Draft | None = None
    too_large: bool = False


@asynccontextmanager
async def receiving(
    body: AsyncIterator[bytes],
    content_type: str,
    store: Store,
    *,
    largest: int = LARGEST,
    on_piece: Callable[[int], Awaitable[None]] | None = None,
) -> AsyncIterator[Upload]:
    """The upload, whole. However the block ends, a draft that was not kept is gone.

    `on_piece` is told the size of each piece of the body as it arrives."""
    kind, options = parse_options_header(content_type)
    if kind != b"multipart/form-data" or b"boundary" not in options:
        raise WrongType(N_("Use the form on this site to send a file."))
    await store.sweep()
    await store.look_for_room()
    form = _Form(options[b"boundary"], store, largest)
    try:
        async for piece in body:
            form.feed(piece)
            if on_piece is not None:
                await on_piece(len(piece))
            if form.gathered() >= PIECE:
                await asyncio.to_thread(form.write)
        await asyncio.to_thread(form.end)
        yield form.upload
    finally:
        if form.upload.draft is not None:
            form.upload.draft.discard()


class _Form:
    """The parts of a multipart body, one after the other."""

    def __init__(self, boundary: bytes, store: Store, largest: int) -> None:
        self.upload = Upload()
        self._store, self._largest = store, largest
        self._whole = False
        self._parts = 0
        self._header = (bytearray(), bytearray())
        self._disposition = b""
        self._field: str | None = None
        self._value = bytearray()
        self._in_file = self._has_file = False
        self._waiting = bytearray()
        try:
            self._parser = MultipartParser(
                boundary,
                {
                    "on_part_begin": self._begin,
                    "on_header_field": lambda data, a, b: self._header[0].extend(data[a:b]),
                    "on_header_value": lambda data, a, b: self._header[1].extend(data[a:b]),
                    "on_header_end": self._header_end,
                    "on_headers_finished": self._open,
                    "on_part_data": self._data,
                    "on_part_end": self._close,
                    "on_end": self._end,
                },
            )
        except ValueError as error:  # a boundary of impossible length
            raise BrokenOff() from error

    def feed(self, piece: bytes) -> None:
        try:
            self._parser.write(piece)
        except MultipartParseError as error:
            raise BrokenOff() from error

    def gathered(self) -> int:
        return len(self._waiting)

    def write(self) -> None:
        """Moves what was gathered to the disk."""
        if self.upload.draft is None or not self._waiting:
            return
        if self.upload.draft.size + len(self._waiting) > self._largest:
            self.upload.too_large = True
            self.upload.draft.discard()
            self.upload.draft = None
        else:
            # Others fill the disk while this one arrives.
            arriving.look_for_room(self.upload.draft.path.parent)
            self.upload.draft.write(bytes(self._waiting))
        self._waiting.clear()

    def end(self) -> None:
        """The body is over: everything must be there, and on the disk."""
        if not self._whole:
            raise BrokenOff()
        self.write()
        if self.upload.draft is not None:
            self.upload.draft.finish()

    # What the parser calls, in the order in which a part arrives.

    def _begin(self) -> None:
        self._parts += 1
        if self._parts > MOST_PARTS:
            raise BrokenOff()
        self._disposition, self._field, self._in_file = b"", None, False
        self._value = bytearray()

    def _header_end(self) -> None:
        name, value = self._header
        if name.lower() == b"content-disposition":
            self._disposition = bytes(value)
        self._header = (bytearray(), bytearray())

    def _open(self) -> None:
        _, options = parse_options_header(self._disposition)
        self._field = options.get(b"name", b"").decode("utf-8", "replace")
        self._in_file = b"filename" in options
        if self._in_file and self._field == "file":
            if self._has_file:
                raise BrokenOff()  # one at a time: our form sends no second one
            self._has_file = True
            self.upload.name = options[b"filename"].decode("utf-8", "replace")

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._in_file:
            self._file_data(data, start, end)
            return
        if len(self._value) + end - start > LONGEST_FIELD:
            raise TooLarge()
        self._value += data[start:end]

    def _file_data(self, data: bytes, start: int, end: int) -> None:
        if self._field != "file" or self.upload.too_large:
            return
        if self.upload.draft is None:
            self.upload.draft = self._store.draft()
        self._waiting += data[start:end]

    def _close(self) -> None:
        if not self._in_file and self._field:
            value = self._value.decode("utf-8", "replace")
            self.upload.fields.append((self._field, value))

    def _end(self) -> None:
        self._whole = True
