"""The floor of sending: a bare aiohttp client loop that posts one message after the other; run as a process."""

from __future__ import annotations

import asyncio
import itertools
import sys
import time

import aiohttp

WORDS = "【重要通知】停水\n明天上午八点到十二点停水检修，请提前存好水。\n——学府社区"


async def main(url: str, count: int, at_once: int) -> None:
    numbers = itertools.islice(itertools.count(), count)
    connector = aiohttp.TCPConnector(limit=at_once)
    async with aiohttp.ClientSession(connector=connector) as session:

        async def worker() -> None:
            for number in numbers:
                body = {"touser": f"oB{number:026d}", "msgtype": "text", "text": {"content": WORDS}}
                async with session.post(f"{url}/cgi-bin/message/custom/send?access_token=SINK", json=body) as answer:
                    assert (await answer.json())["errcode"] == 0

        began = time.process_time()
        await asyncio.gather(*(worker() for _ in range(at_once)))
        print(time.process_time() - began)  # seconds of CPU


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
