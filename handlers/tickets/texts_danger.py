"""What is said in danger: advice first, then who has been told and what is still asked. Never a menu."""

from __future__ import annotations

# Safety advice: the very first words in danger (domain.md §2.7 notes; never a menu).
ADVICE = {
    "lift": "请别慌，电梯里空气够用。按住红色呼叫键，不要扒门，离门站稳。有人受伤或不舒服打120，被困打119。",
    "gas": "先开窗，关阀门。别开灯、别碰开关、别点火。马上到室外，再打燃气抢修或119。",
    "fire": "人先走，别拿东西，别坐电梯。捂住口鼻往楼下跑，出来就打119。",
    "electric": "离远点，别碰水和电线。能拉总闸就拉。有人触电不要用手拉，打120；起火打119。",
    "water": "能关阀门就先关。水到插座旁边，先拉电闸，人别踩水。有人受伤打120。",
    "fall": "人先离远，叫周围的人也别靠近，别从下面走。有人受伤打120，可能掉落打119。",
    "person": "请先打120，说清在哪里。别随便搬动，陪着他说话。",
    "violence": "请先保护好自己，找安全的地方锁好门。马上打110，不方便说话可以发短信到12110。",
    "despair": "您现在很难受，我听到了。请先别一个人待着。心理援助热线12356，紧急请打110或120。",
    "missing": "请马上打110，说清年龄、穿着、在哪里不见的。先到附近的路口、车站和水边找一找。",
    "child": "请马上打110，说清年龄、穿着、在哪里不见的。先看住出口和水边。",
    "traffic": "人先离开车道。有人受伤打120，事故打122。",
    "animal": "先离远。被咬了马上用肥皂水冲15分钟，再去打疫苗。伤重打120，动物还在伤人打110。",
    "structure": "人先离远，别在下面停留，叫周围的人也让开。有人受伤打120，情况危险打119。",
    "fraud": "先别转账，别给验证码。马上打110，或反诈热线96110。",
    "lock": "别着急，先别硬撞门。打开窗户透气，大声告诉外面的人。里面有老人小孩不舒服，打120；出不来打119。",
    "": "先保证人的安全。有危险马上打110、119、120。",
}
HELP_NEEDED = "【紧急】{place}有居民需要帮助。请马上联系社区，先不要自己上门。"
SOS_ASK_PLACE = "马上告诉我：哪个小区、几幢？"
SOS_GUESS = "我先按{label}报。不是这里，请马上说。"
FOREIGN = "Police 110, fire 119, ambulance 120. The community has been told. Where are you?"
SOS_OPENED = "已经报给微网格长和社区，编号{short}。"
SOS_OPENED_DESK = "已经报给社区，编号{short}。"
SOS_PLACED = "收到，{label}。已经告诉他们了。"
SOS_MORE = "收到，已经一起告诉他们。"
TOO = "{short}{name}已经接了。您也去，记下了，大家都知道。"
TOLD_ALL = "{short}记下了，报事人、搭档和社区都看得到。"
SOS_OVER = "知道了，已经告诉他们。后面有什么事，随时说。"
