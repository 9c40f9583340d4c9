"""Questions and answers of the sample community: invented, in the manner of a small office."""

from __future__ import annotations

from sqlalchemy import Connection, insert

from storage.ids import new_id
from storage.schema import faq

_SOURCE = "示例社区办事指南"
# (community of the sample, -1: for all; question; other ways of asking; answer)
_ROWS: tuple[tuple[int, str, tuple[str, ...], str], ...] = (
    (0, "社区几点上班", ("居委会什么时候开门", "周末社区上班吗"),
        "学府社区工作日8:30到11:30、13:00到17:30有人，周末不值班。"),
    (1, "社区几点上班", ("居委会什么时候开门", "周末社区上班吗"),
        "枫桦社区工作日8:00到17:00有人，周六上午也有人值班。"),
    (0, "社区电话是多少", ("居委会电话号码", "怎么联系社区"), "学府社区值班电话0573-88000001(示例)。"),
    (1, "社区电话是多少", ("居委会电话号码", "怎么联系社区"), "枫桦社区值班电话0573-88000002(示例)。"),
    (-1, "居住证怎么办理", ("暂住证到哪里办", "办居住证要带什么材料"),
        "带身份证、租房合同或房产证，到街道便民服务中心窗口办。"),
    (-1, "老年优待证怎么办理", ("老年卡在哪里办", "办老年卡要带什么"),
        "满60周岁，带身份证和一寸照片，到社区窗口就能办，不收费。"),
    (0, "大件垃圾怎么处理", ("旧沙发扔哪里", "旧家具有人收吗"),
        "大件垃圾请放到7幢北边的大件堆放点，每周三、周六清运，不收费。"),
    (0, "电瓶车在哪里充电", ("充电桩在什么地方",), "2幢东侧和15幢南侧有充电棚，扫码充电。电瓶不要带上楼。"),
    (0, "装修什么时间可以施工", ("装修几点可以开工", "周末能装修吗"),
        "工作日8:00到12:00、14:00到18:00可以施工，周末和节假日不能做有噪音的活。"),
    (0, "社区食堂在哪里", ("老年食堂几点开饭", "长者食堂怎么订餐"),
        "社区食堂在12幢一楼，午饭11:00到12:30，前一天打社区电话订餐。"),
)  # fmt: skip


def seed(conn: Connection, communities: tuple[int, ...]) -> None:
    """`communities`: ids of the first two of the sample."""
    for at, question, variants, answer in _ROWS:
        values = {
            "id": new_id(), "community": communities[at] if at >= 0 else 0, "question": question,
            "variants": list(variants), "answer": answer, "source": _SOURCE, "valid_from": "", "valid_until": "",
        }  # fmt: skip
        conn.execute(insert(faq).values(values))
