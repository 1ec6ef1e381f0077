"""Sends requests at the moments of a plan, whatever the answers do, and notes how late each answer was.

A program of its own, so that it measures the server and not itself: `python -m tests.bench.load < PLAN > ANSWERS`.
The plan is JSON: host, port, rate [requests a second], and requests, each a kind and the bytes to send. An answer is
the kind, the milliseconds from the planned moment to the last byte, and the status (0 = no answer).
"""

from __future__ import annotations

import asyncio
import base64
import gc
import json
import sys
from typing import Any

ANSWER_S = 20.0  # an answer that takes longer is none
_LIMIT = 4 * 1024 * 1024

Browser = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def run(plan: dict[str, Any]) -> dict[str, Any]:
    """Send everything; return the answers in the order of the plan, and how many connections were open at most."""
    loop, idle = asyncio.get_running_loop(), list[Browser]()
    opened, began = 0, loop.time() + 0.2

    async def one(number: int, kind: str, data: bytes) -> tuple[str, float, int]:
        nonlocal opened
        planned = began + number / plan["rate"]
        await asyncio.sleep(planned - loop.time())
        try:
            async with asyncio.timeout(ANSWER_S):
                if not idle:  # like a further browser: a slow answer holds nobody else up
                    opened += 1
                browser = (
                    idle.pop() if idle else await asyncio.open_connection(plan["host"], plan["port"], limit=_LIMIT)
                )
                status = await _ask(browser, data)
            idle.append(browser)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, ValueError):
            status = 0
        return kind, (loop.time() - planned) * 1000, status

    requests = [(kind, base64.b64decode(data)) for kind, data in plan["requests"]]
    answers = await asyncio.gather(*(one(number, *request) for number, request in enumerate(requests)))
    for _, writer in idle:
        writer.close()
    return {"answers": answers, "connections": opened}


async def _ask(browser: Browser, data: bytes) -> int:
    reader, writer = browser
    writer.write(data)
    head = await reader.readuntil(b"\r\n\r\n")
    length = head.lower().partition(b"content-length: ")[2].partition(b"\r")[0]
    await reader.readexactly(int(length))
    return int(head[9:12])


if __name__ == "__main__":
    gc.disable()  # a pause of this program would count as one of the server
    json.dump(asyncio.run(run(json.load(sys.stdin))), sys.stdout)
