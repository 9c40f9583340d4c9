"""The account's menu, as data; keys are handlers.routes.MENU_KEYS."""

from __future__ import annotations

from typing import Any

from bot.channels.tencent.menu import click, scan

# domain.md §9.2 suggests these three; only what works is offered, so that no button is a dead end.
MENU: dict[str, Any] = {
    "button": [
        {"name": "我要办", "sub_button": [click("报事报修", "REPORT"), click("查进度", "MINE")]},
        {
            "name": "邻里家",
            "sub_button": [
                click("看活动", "ACTIVITIES"), scan("扫码签到", "CHECKIN"), click("能做什么", "MENU"),
                click("找社区", "HUMAN"),
            ],
        },
        {
            "name": "我的",
            "sub_button": [
                click("绑定房屋", "BIND"), click("我的房屋", "HOMES"), click("我的活动", "MY_ACTIVITIES"),
                click("隐私", "PRIVACY"),
            ],
        },
    ]
}  # fmt: skip
