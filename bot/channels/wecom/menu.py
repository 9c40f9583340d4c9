"""The application's menu for those who handle matters, as data; keys are handlers.routes.MENU_KEYS."""

from __future__ import annotations

from typing import Any

from bot.channels.tencent.menu import click, scan

MENU: dict[str, Any] = {
    "button": [
        click("我的待办", "TODO"),
        {"name": "办理", "sub_button": [click("快超时的", "PRESSING"), click("怎么说", "HELP")]},
        {
            "name": "报事",
            "sub_button": [click("代人报事", "REPORT"), click("我报的事", "MINE"), scan("扫码签到", "CHECKIN")],
        },
    ]
}
