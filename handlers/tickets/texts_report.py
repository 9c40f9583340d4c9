"""Wording of a report while it is asked about: what is said at 「对吗」 and beside it."""

from __future__ import annotations

FIRST_CONFIRM = "报上去以后，几时有人来、办到哪一步，都会告诉您。先看看这样报对不对。"
NO_SUCH_ROOM = "{place}里我没找到这个门牌，请再核对一下。不改也行。"
ASK_WRONG = "哪里不对？直接说，比如换个地点，或者重新说是什么事。"
NOTED = "这句也记下了。"
NAMED_HERE = "好的，这件事显示您的姓氏。"
PIN_ADDED = "位置收到了。"
PIN_NO_HOUSE = "位置收到了，附近没有登记的楼。"
ASK_MATTER_AT = "位置收到了，在{label}附近。是什么事？说一句就行。"
ASK_MATTER_PIN = "位置收到了。是什么事、在哪里？说一句就行。"
ASK_MATTER_PINNED = "照片收到了。是什么事？说一句就行。"
NO_HURRY = "不急，您慢慢来。"
HOW_TO_ANSWER = "我问的是下面这句。点一下，或者回一个数字就行；不会弄，说「转人工」。"
