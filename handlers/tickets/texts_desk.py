"""Wording of conversations that staff take over; short, kind, and honest about who speaks."""

from __future__ import annotations

STAFF_COMES = "您好，{who}来和您说话，您直接说就行（{short}）。"
OF_OFFICE, OF_STREET, OF_UNIT = "社区的{name}", "街道的{name}", "{unit}的{name}"
LEADER, DEPUTY = "微网格长{name}", "副微网格长{name}"
STAFF_GOES = "这次对话结束了。我还在，有事随时说。"
STAFF_AWAY = "和您说话的人暂时走开了，您说的都记在{short}里，会回复您。急事请再说一声。"
TAKEOVER_OVER = "{head}：接管后没有人说话，已交还给机器人。居民的话都在工单里。"
TAKEOVER_DANGER = "{head}：居民说到了危险，机器人已马上回话并报警情，接管结束。"
