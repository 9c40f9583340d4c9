"""Wording of what is wrong with a form or a click of who runs an activity: what it is, and what to do."""

from __future__ import annotations

TIMES = "时间要在以后，结束要在开始之后。"
PLACE = "请写集合地点。"
WHY_CANCEL = "请写取消的原因，会告诉报名的人。"
WHAT_TO_TELL = "请写要通知的话。"
MAKEUP = "请写清时间和原因。"
CORRECT = "请写更正的原因和小时数。"
WHY_NOT = "请写不改的原因，会告诉本人。"
STARS = "请给1到5颗星。"
OWN_STARS = "自己不能评自己。"
PRAISED = "评价记下了。"
PHOTO_PEOPLE = "只能选报了名的人。别人在照片里，请先征得同意，或者换一张。"
PHOTO_NO_MORE = "这张照片已经不在了。"
DAY = "请填日期、开始和结束时间，要在以后，结束在开始之后。"
PIN = "写纬度和经度，比如 30.6300,120.5600；不知道就空着。"
