"""Words that tell nothing: sounds of somebody thinking, and asking for a moment. Whole messages only."""

from __future__ import annotations

import re

_SOUND = (
    "哦|噢|喔|嗯|呃|额|唔|诶|欸|哎[哟呀]?|唉|啊|呀|嘛|吧|哈|呵|嘻|喂|那个|这个|那么?|就是|然后|怎么[说讲](?:呢|好)?"
    "|伲|阿拉"
)
_WAIT = (
    "(?:侬|你们?|您|给我)?先?(?:稍微?)?等(?:一?等|一?[下歇]|一?会儿?|我|一?歇歇|几?分钟)*(?:再说|再报|哈|啊)?"
    "|(?:让|容)?(?:我|阿拉|伲)?(?:先|再|要|去)?(?:想|看|瞧|查|问|数|找)(?:一?[想看瞧问找查数]|一?下|清楚|好|明白|再说)+"
    "|(?:你|您|侬)?(?:慢(?:点|一点|慢)|[别勿不]要?急)"
)
_BUSY = (
    "(?:我|有人|来)?(?:先|去|要|得|在)*(?:接|打|听)(?:一?个|一?下)?电话|有人敲门"
    "|(?:我|先|去|要)*(?:找|拿|戴)(?:一?下|一?找)?(?:我的|个)?(?:老花)?(?:眼?镜|手机)"
    "|(?:我|先|去|要)*问(?:问|一?下|一问)?(?:我|家里|老伴|老头子?|老太婆|儿子|女儿|别人|人家|邻居|[他她])+"
)
# each part is taken once and whole, so that a long row of them costs no more than its length
_IDLE = re.compile(rf"(?:(?>{_BUSY}|{_WAIT}|{_SOUND}|一?下)[\s,，.。、!！~…]*+)++")
_LOST = re.compile(
    "(?:这|你|您|侬)?(?:是|在)?[说讲]?(?:啥|什么)(?:个)?意思.{0,2}|(?:你|您|侬)[说讲](?:的|了)?(?:啥|什么).{0,2}"
    "|.{0,12}(?:字|屏幕).{0,3}(?:太小|看不清|勿清爽).{0,2}|.{0,6}(?:看|听)(?:不|勿)(?:懂|明白|清楚).{0,2}"
)


def tells_nothing(text: str) -> bool:
    """「嗯嗯那个」 「我想想」 「你等会儿」 「我找一下眼镜」; not 「等一下水就漫出来了」."""
    return bool(_IDLE.fullmatch(text))


def is_lost(text: str) -> bool:
    """「啥意思」 「这个字太小了」: does not follow what was shown."""
    return bool(_LOST.fullmatch(text))
