"""The category tree 事项分类 (domain.md §2.7): 14 groups, 90 codes and 99; standard library only.

`lead` and `assist` are keys of UNITS; a property company that does not exist falls back to the 居委会.
`level` is the class when nobody is in danger; a message in danger is T0 whatever its code (rules.level).
"""

from __future__ import annotations

from dataclasses import dataclass

UNITS = {
    "WY": "物业", "JW": "居委会", "YW": "业委会", "CG": "综合执法", "HW": "环卫", "SZ": "市政", "GS": "供水",
    "GD": "供电", "RQ": "燃气", "TX": "通信", "WB": "电梯维保", "SJ": "市场监管", "GA": "派出所", "JJ": "交警",
    "XF": "消防救援", "ZJ": "住建", "ST": "生态环境", "WJ": "卫健", "MZ": "民政", "TJ": "人民调解委员会",
    "JD": "街道", "YL": "园林", "XM": "畜牧兽医", "RS": "人社医保", "JY": "教育", "YY": "运营方",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Category:
    """One small class. `std_code` maps it to a city's own scheme, "" where none is agreed."""

    code: str
    name: str
    lead: str
    assist: tuple[str, ...]
    level: str
    std_code: str = ""
    photo: bool = False  # 办结 needs a photo
    verify: bool = False  # 核查 before the reporter is asked


GROUPS = {
    "01": "环境卫生",
    "02": "公共设施",
    "03": "房屋与渗漏",
    "04": "水电气网",
    "05": "电梯",
    "06": "停车与交通",
    "07": "消防与公共安全",
    "08": "噪声与污染",
    "09": "违建与秩序",
    "10": "绿化与动物",
    "11": "物业与业委会",
    "12": "民生与特殊人群",
    "13": "邻里纠纷与调解",
    "14": "咨询办事",
    "99": "其他",
}

_ROWS: tuple[tuple[str, str, str, str, str], ...] = (
    ("0101", "垃圾堆积/清运不及时", "WY", "HW CG", "T2"),
    ("0102", "楼道/公共区域保洁", "WY", "JW", "T2"),
    ("0103", "分类投放点/定时投放", "WY", "HW JW", "T3"),
    ("0104", "大件与装修垃圾", "WY", "HW CG", "T3"),
    ("0105", "乱扔/高空抛物", "WY", "GA CG", "T2"),
    ("0106", "四害/异味/消杀", "WY", "WJ JW", "T3"),
    ("0107", "小广告/涂写", "WY", "CG", "T3"),
    ("0201", "楼道灯/路灯", "WY", "SZ GD", "T2"),
    ("0202", "道路/地砖/井盖", "WY", "SZ", "T2"),
    ("0203", "门禁/单元门/道闸", "WY", "", "T2"),
    ("0204", "健身/儿童/座椅", "WY", "JW", "T3"),
    ("0205", "监控与技防", "WY", "GA", "T3"),
    ("0206", "无障碍设施", "WY", "ZJ", "T3"),
    ("0207", "快递柜/信报箱/便民设施", "WY", "", "T3"),
    ("0301", "屋面/外墙公共渗漏", "WY", "YW ZJ", "T4"),
    ("0302", "上下户渗漏", "WY", "TJ JW", "T3"),
    ("0303", "外墙脱落/空鼓", "WY", "ZJ XF", "T1"),
    ("0304", "户内维修(有偿)", "WY", "", "T3"),
    ("0305", "裂缝/房屋安全", "ZJ", "WY JW", "T1"),
    ("0306", "违规装修/拆承重墙", "WY", "ZJ CG", "T1"),
    ("0401", "停水/水压/水质", "GS", "WY", "T1"),
    ("0402", "水管爆裂/漏水", "WY", "GS", "T1"),
    ("0403", "停电/跳闸", "GD", "WY", "T1"),
    ("0404", "燃气异味/停气", "RQ", "XF", "T1"),
    ("0405", "下水堵塞/污水外溢", "WY", "SZ", "T1"),
    ("0406", "通信/线缆", "TX", "WY", "T3"),
    ("0501", "困人", "WB", "WY XF", "T1"),
    ("0502", "故障停运", "WY", "WB", "T1"),
    ("0503", "异响/抖动/按钮失灵", "WY", "WB SJ", "T2"),
    ("0504", "轿厢卫生/广告", "WY", "", "T3"),
    ("0505", "加装电梯", "JW", "ZJ YW", "T4"),
    ("0506", "检验/维保公示", "WY", "SJ", "T3"),
    ("0601", "乱停/堵路", "WY", "JJ", "T2"),
    ("0602", "堵消防车通道", "WY", "XF JJ", "T1"),
    ("0603", "地锁/占公共车位", "WY", "CG YW", "T3"),
    ("0604", "非机动车乱停", "WY", "CG", "T3"),
    ("0605", "充电桩故障/被占", "YY", "WY", "T3"),
    ("0606", "僵尸车", "WY", "JJ GA", "T4"),
    ("0607", "车位管理/收费", "WY", "YW ZJ", "T3"),
    ("0701", "楼道堆物/占疏散通道", "WY", "JW XF CG", "T2"),
    ("0702", "电动车进楼/飞线充电", "WY", "XF GA JW", "T1"),
    ("0703", "消防设施损坏缺失", "WY", "XF", "T2"),
    ("0704", "火情/烟雾", "XF", "WY JW", "T1"),
    ("0705", "治安/盗窃/诈骗", "GA", "JW", "T1"),
    ("0706", "积水/临边/坠落等险情", "WY", "JD XF", "T1"),
    ("0707", "宠物伤人", "GA", "JW XM", "T1"),
    ("0801", "装修/施工噪声", "WY", "CG GA", "T2"),
    ("0802", "邻里生活噪声", "JW", "GA", "T2"),
    ("0803", "广场舞/音响", "JW", "GA CG", "T2"),
    ("0804", "商铺经营噪声/油烟", "CG", "ST", "T3"),
    ("0805", "水泵/电梯/变压器低频", "WY", "ST ZJ", "T3"),
    ("0806", "光污染/异味", "ST", "CG", "T3"),
    ("0901", "违法搭建", "CG", "WY JD", "T2"),
    ("0902", "毁绿种菜/侵占绿地", "WY", "CG YL", "T3"),
    ("0903", "群租/住改商", "JD", "GA CG ZJ", "T4"),
    ("0904", "占道经营/流动摊", "CG", "", "T2"),
    ("0905", "晾晒/空调滴水/外机", "WY", "JW", "T3"),
    ("0906", "公共区域私占", "WY", "CG", "T3"),
    ("1001", "树木修剪/遮光", "WY", "YL", "T3"),
    ("1002", "倒伏/枯枝险情", "WY", "YL XF", "T1"),
    ("1003", "绿化缺损/虫害", "WY", "YL", "T3"),
    ("1004", "不文明养犬/无证", "CG", "GA JW", "T3"),
    ("1005", "流浪犬猫", "CG", "XM", "T3"),
    ("1006", "家禽/鸽", "CG", "JW", "T3"),
    ("1101", "服务质量/态度", "WY", "JW ZJ", "T3"),
    ("1102", "收费/票据", "WY", "SJ ZJ", "T3"),
    ("1103", "公共收益/维修资金", "YW", "ZJ JW", "T4"),
    ("1104", "业委会选举/运作", "JD", "JW ZJ", "T4"),
    ("1105", "门岗/秩序/人脸门禁", "WY", "GA", "T3"),
    ("1106", "信息公开", "WY", "YW JW", "T3"),
    ("1201", "独居/空巢老人失联求助", "JW", "GA", "T1"),
    ("1202", "残疾/重病/用药", "JW", "MZ WJ", "T1"),
    ("1203", "困难救助", "JW", "MZ", "T3"),
    ("1204", "养老助餐/上门", "JW", "MZ", "T3"),
    ("1205", "儿童托育/走失", "JW", "GA JY", "T3"),
    ("1206", "就业/新居民", "JW", "RS", "T3"),
    ("1207", "家暴/轻生/心理危机", "GA", "WJ JW", "T1"),
    ("1301", "漏水/财产赔偿", "TJ", "WY", "T4"),
    ("1302", "噪声/相邻", "TJ", "JW GA", "T3"),
    ("1303", "公共空间/停车纠纷", "TJ", "WY YW", "T3"),
    ("1304", "婚姻家庭", "TJ", "", "T3"),
    ("1305", "租赁/消费", "TJ", "SJ", "T3"),
    ("1306", "采光通风管线", "TJ", "ZJ", "T4"),
    ("1401", "证明/盖章", "JW", "", "TC"),
    ("1402", "社保医保/优待", "JW", "RS", "TC"),
    ("1403", "户籍/居住证", "GA", "JW", "TC"),
    ("1404", "入学/生育", "JY", "JW", "TC"),
    ("1405", "养犬登记", "GA", "XM", "TC"),
    ("1406", "补贴政策", "JW", "MZ", "TC"),
    ("1407", "时间/地点/联系人", "JW", "", "TC"),
    ("99", "其他", "JW", "", "T3"),
)

# What can be seen in a photo and is not private; no photo is asked for where it proves nothing (domain.md §10 no. 5).
_PHOTO = frozenset({"0104", "0202", "0301", "0303", "0602", "0701", "0703", "0706", "0901", "1002"})
# What somebody else looks at before the reporter is asked: dangers to many, money, buildings.
_VERIFY = frozenset({"0303", "0305", "0306", "0703", "0706", "0901", "1002", "1101"})

CATEGORIES: dict[str, Category] = {
    code: Category(code, name, lead, tuple(assist.split()), level, "", code in _PHOTO, code in _VERIFY)
    for code, name, lead, assist, level in _ROWS
}
OTHER = "99"

# Read by the community only: neighbours who hold posts are told that help is needed, not why.
DESK_ONLY = frozenset({"1203", "1207"})
# Whoever opens one says why, and it is kept (domain.md §2.8): an elder alone, illness, hardship, violence.
SENSITIVE = frozenset({"1201", "1202", "1203", "1207"})
# Faults inside a home, where the bound home is the place when none was said (rule A17).
HOUSEHOLD = frozenset(
    {"0302", "0304", "0401", "0402", "0403", "0404", "0405", "0406", "0802", "1202", "1203", "1204"}
)
# Complaints that may not go to those complained of (§2.8): first to the desk.
COMPLAINTS = frozenset({"1101", "1102", "1103", "1104", "1105", "1106"})


def name(code: str) -> str:
    """The name of a code; 其他 for an unknown one."""
    return CATEGORIES.get(code, CATEGORIES[OTHER]).name
