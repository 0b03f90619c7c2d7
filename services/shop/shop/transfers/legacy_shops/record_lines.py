"""The lines of a file, record by record, so that a record which swallowed others can give them back."""

from collections import deque
from collections.abc import Iterator
from typing import TextIO


class Lines(Iterator[str]):
    """Lines as a CSV reader takes them; those of the record being read are remembered."""

    def __init__(self, stream: TextIO) -> None:
        """`stream` keeps the line ends as they are written."""
        self._stream = stream
        self._given_back: deque[str] = deque()
        self._number = 0
        self._has_ended = False
        self.of_record: list[str] = []

    def __next__(self) -> str:
        """The next line of the record."""
        line = self._given_back.popleft() if self._given_back else next(self._stream, None)
        if line is None:
            self._has_ended = True
            raise StopIteration
        self._number += 1
        self.of_record.append(line)
        return line

    @property
    def is_single(self) -> bool:
        """Whether the record ended with its first line, rather than with the file or later."""
        return len(self.of_record) == 1 and not self._has_ended

    def begin_record(self) -> int:
        """Begin another record; the number of its first line (the header's is 1)."""
        self.of_record.clear()
        return self._number + 1

    def take_back_all_but_first(self) -> None:
        """Let the lines after the record's first one be read again, as records of their own."""
        swallowed = self.of_record[1:]
        self._given_back.extendleft(reversed(swallowed))
        self._number -= len(swallowed)
        del self.of_record[1:]
        self._has_ended = False
