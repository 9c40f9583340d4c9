"""What the code on a building's plate leads to: the account's own scene code, else the web chat."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from storage.schema import plate_codes

if TYPE_CHECKING:
    from bot.app import App


class NoCodes(Exception):
    """The platform gave no code; the text says why."""


async def addresses(app: App, codes: Sequence[str]) -> dict[str, str]:
    """Code of a plate → the address its picture holds; asked of the platform once, then kept. Raises NoCodes."""
    if "wechat" not in app.channels:
        return {code: f"{app.settings.address}/chat?plate={code}" for code in codes}
    from bot.channels.tencent.errors import ApiError
    from bot.channels.wechat.channel import WeChat
    from bot.channels.wechat.qr import scene

    channel = app.channels["wechat"]
    assert isinstance(channel, WeChat)
    account = app.settings.wechat_app_id
    known = await asyncio.to_thread(_known, app, account, codes)
    fresh: dict[str, str] = {}
    try:
        for code in codes:
            if code not in known:
                fresh[code] = await channel.client.scene_address(scene(code))
    except ApiError as error:
        raise NoCodes(f"公众平台没有给出二维码：{error}。已经拿到的都留着，过一会儿再打开这一页。") from error
    finally:
        if fresh:
            await asyncio.to_thread(_keep, app, account, fresh)
    return known | fresh


def _known(app: App, account: str, codes: Sequence[str]) -> dict[str, str]:
    wanted = select(plate_codes.c.code, plate_codes.c.address).where(
        plate_codes.c.account == account, plate_codes.c.code.in_(list(codes))
    )
    with app.db.reading() as conn:
        return dict(conn.execute(wanted).all())


def _keep(app: App, account: str, fresh: dict[str, str]) -> None:
    with app.db.writing() as conn:
        there = set(
            conn.execute(
                select(plate_codes.c.code).where(
                    plate_codes.c.account == account, plate_codes.c.code.in_(list(fresh))
                )
            ).scalars()
        )
        for code, address in fresh.items():
            if code not in there:
                conn.execute(insert(plate_codes).values(account=account, code=code, address=address))
