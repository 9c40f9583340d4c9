"""The service with a WeCom application: one person on two channels, taps, members who are gone."""

from __future__ import annotations

from sqlalchemy import select

from handlers.types import Sender
from storage import identities as known
from storage.schema import identities as addresses
from tests.bot.wecom.kit import LEADER, Service
from tests.channels.wecom.kit import CORP, click, xml


async def test_a_new_member_is_asked_for_the_code(service: Service) -> None:
    follow = xml("event", "<Event><![CDATA[subscribe]]></Event>", user="Nobody")
    assert "认领" in await service.post(follow)
    assert "认领码不对" in await service.write("认领 00000000", "Nobody")


async def test_two_channels_one_person_and_one_push(service: Service) -> None:
    assert "认领成功，苏建华" in await service.claim()
    with service.app.db.reading() as conn:
        assert known.person_of(conn, LEADER) == known.person_of(conn, Sender("wecom", CORP, "sujianhua"))
    await service.report()
    [card] = service.api.cards
    assert card["main_title"]["title"] == "新任务 0001"
    assert "/m/w/" in card["card_action"]["url"]
    assert (await service.rungs()).count("card") == 1  # once, not on both
    assert "以后任务发到网页" in await service.write("任务发网页")
    await service.report("3幢楼下垃圾堆了没人收")
    assert len(service.api.cards) == 1


async def test_a_tap_takes_the_task_and_changes_the_card(service: Service) -> None:
    await service.claim()
    await service.report()
    [card] = service.api.cards
    accept = card["button_list"][0]["key"]
    at = int(service.app.clock().timestamp())
    tap = click(accept, task=card["task_id"], code="C1", user="SuJianhua", created=at)
    assert await service.post(tap) == "success"
    await service.settle()
    changed = service.api.updated[0]["template_card"]
    assert changed["main_title"]["desc"] == "处置中，苏建华"
    assert "接单成功" in changed["sub_title_text"]
    assert [button["text"] for button in changed["button_list"]] == ["到场", "办结", "办理情况", "退单", "求助"]
    finish = changed["button_list"][1]["key"]
    await service.post(click(finish, task=changed["task_id"], code="C2", user="SuJianhua", created=at + 1))
    await service.settle()
    assert "怎么办好的" in service.api.updated[1]["template_card"]["sub_title_text"]
    assert "已反馈" in await service.write("已换灯泡")
    # the old card, tapped late
    back = card["button_list"][1]["key"]
    await service.post(click(back, task=card["task_id"], code="C3", user="SuJianhua", created=at + 2))
    await service.settle()
    late = service.api.updated[2]["template_card"]
    assert late["sub_title_text"] == "0001已由苏建华办结，不用再点。"
    assert late["card_type"] == "text_notice"


async def test_a_member_who_is_gone_gets_it_elsewhere(service: Service) -> None:
    await service.claim()
    service.api.gone.add("sujianhua")
    await service.report()
    assert not service.api.cards
    assert "webchat" in await service.rungs()
    with service.app.db.reading() as conn:
        followed = conn.execute(select(addresses.c.followed).where(addresses.c.user == "sujianhua")).scalar()
    assert followed is False
    await service.write("我的待办")  # who writes again can be written to again
    with service.app.db.reading() as conn:
        back = conn.execute(select(addresses.c.followed).where(addresses.c.user == "sujianhua")).scalar()
    assert back is True


async def test_leaving_the_application_keeps_the_record(service: Service) -> None:
    await service.claim()
    await service.post(xml("event", "<Event><![CDATA[unsubscribe]]></Event>", user="SuJianhua"))
    with service.app.db.reading() as conn:
        assert known.name_of(conn, known.person_of(conn, LEADER)) == "苏建华"


async def test_thirty_a_minute_and_then_together(service: Service) -> None:
    await service.claim()
    for number in range(12):
        await service.report(f"{1 + number % 2}幢{1 + number // 6}单元楼道灯坏了")
    ground = service.app.channels["wecom"]._ground  # type: ignore[attr-defined]
    taken = sum(ground.allow("sujianhua", alarm=False) == 0 for _ in range(40))
    assert taken <= 25
    assert ground.allow("sujianhua", alarm=False) > 0
    assert ground.allow("sujianhua", alarm=True) == 0  # five are kept for danger
    sent = len(service.api.cards) + len(service.api.sent)
    await service.report("3幢2单元水管漏水")
    assert len(service.api.cards) + len(service.api.sent) == sent
