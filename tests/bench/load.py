"""Sends requests at the moments of a plan, whatever the answers do, and notes how late each answer was.

A program of its own, so that it measures the server and not itself: `python -m tests.bench.load < PLAN > ANSWERS`.
The plan is JSON: host, port, rate [requests a second], and requests, each a kind, whose browser asks, and the bytes to
send. An answer is the kind, the milliseconds from the planned moment to the last byte, and the status (0 = no answer).
Each browser has connections of its own, as in life, and opens another one only while the others wait. It runs on the
machine of the server, so it spends as little as it can: bare sockets, and answers that are counted and not kept.
"""

from __future__ import annotations

import base64
import gc
import json
import selectors
import socket
import sys
import time
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

ANSWER_S = 20.0  # an answer that takes longer is none
_CHUNK = 256 * 1024


@dataclass(eq=False)
class _Line:
    """A connection, and the answer that it waits for.

    Args:
        whose: the browser that opened it.
        line: the socket.
        number: of the request in the plan.
        head: what came of the answer's head.
        lacking: bytes of the body that are still to come; None while the head is not whole.
        status: of the answer.
    """

    whose: int
    line: socket.socket
    number: int = -1
    head: bytes = b""
    lacking: int | None = None
    status: int = 0

    def send(self, number: int, data: bytes) -> None:
        """Send a request, which is smaller than the system's buffer."""
        self.number, self.head, self.lacking, self.status = number, b"", None, 0
        self.line.sendall(data)

    def take(self, room: memoryview) -> bool:
        """Take in what has come; say whether the answer is whole.

        Raises:
            OSError: the server hung up.
            ValueError: it is no answer with a length.
        """
        came = self.line.recv_into(room)
        if not came:
            raise OSError("hung up")
        if self.lacking is None:
            self.head += room[:came].tobytes()
            end = self.head.find(b"\r\n\r\n") + 4
            if end < 4:
                return False
            length = self.head[:end].lower().partition(b"content-length: ")[2].partition(b"\r")[0]
            self.lacking, self.status, came = int(length), int(self.head[9:12]), len(self.head) - end
        self.lacking -= came
        return self.lacking <= 0


@dataclass
class _Crowd:
    """All browsers at work on a plan."""

    plan: dict[str, Any]
    began: float = 0.0
    opened: int = 0
    idle: defaultdict[int, list[_Line]] = field(default_factory=lambda: defaultdict(list))
    asking: dict[int, _Line] = field(default_factory=dict)
    answers: dict[int, tuple[float, int]] = field(default_factory=dict)
    watch: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)
    room: memoryview = field(default_factory=lambda: memoryview(bytearray(_CHUNK)))

    def planned(self, number: int) -> float:
        """Return the moment of a request [s]."""
        return float(self.began + number / self.plan["rate"])

    def send(self, number: int, whose: int, data: bytes) -> None:
        """Send a request on a connection of the browser that waits for nothing, or on a new one."""
        try:
            line = self.idle[whose].pop() if self.idle[whose] else self._open(whose)  # a slow answer holds nothing up
            self.asking[number] = line
            line.send(number, data)
        except OSError:
            self._end(number, 0)

    def take(self, wait_s: float) -> None:
        """Take in what comes within a time."""
        for key, _ in self.watch.select(max(0.0, wait_s)):
            line: _Line = key.data
            try:
                if line.take(self.room):
                    self._end(line.number, line.status)
            except (OSError, ValueError):
                self._end(line.number, 0)

    def give_up(self) -> None:
        """Count as none what takes too long."""
        late = time.perf_counter() - ANSWER_S
        for number in [one for one in self.asking if self.planned(one) < late]:
            self._end(number, 0)

    def _open(self, whose: int) -> _Line:
        opened = socket.create_connection((self.plan["host"], self.plan["port"]), timeout=ANSWER_S)
        line = _Line(whose, opened)
        self.watch.register(opened, selectors.EVENT_READ, line)
        self.opened += 1
        return line

    def _end(self, number: int, status: int) -> None:
        self.answers.setdefault(number, ((time.perf_counter() - self.planned(number)) * 1000, status))
        line = self.asking.pop(number, None)
        if line is None:
            return
        if status:
            self.idle[line.whose].append(line)
        else:
            with suppress(KeyError):
                self.watch.unregister(line.line)
            line.line.close()


def run(plan: dict[str, Any]) -> dict[str, Any]:
    """Send everything; return the answers in the order of the plan, and how many connections were opened."""
    requests = [(kind, whose, base64.b64decode(data)) for kind, whose, data in plan["requests"]]
    crowd = _Crowd(plan=plan, began=time.perf_counter() + 0.2)
    for number, (_, whose, data) in enumerate(requests):
        while (wait_s := crowd.planned(number) - time.perf_counter()) > 0:
            crowd.take(wait_s)
        crowd.send(number, whose, data)
    while crowd.asking:
        crowd.take(1.0)
        crowd.give_up()
    told = [(kind, *crowd.answers[number]) for number, (kind, *_) in enumerate(requests)]
    return {"answers": told, "connections": crowd.opened, "processor_s": time.process_time()}


if __name__ == "__main__":
    gc.disable()  # a pause of this program would count as one of the server
    json.dump(run(json.load(sys.stdin)), sys.stdout)
