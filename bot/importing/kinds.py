"""The kinds of table that can be imported: their columns, other names of the columns, and an example row."""

from __future__ import annotations

from collections.abc import Mapping

from bot.console.rights import NAMES
from bot.importing import cells
from bot.importing.kind import Column, Kind
from bot.importing.kinds_activities import ACTIVITIES
from bot.importing.kinds_knowledge import FAQ, SYNONYMS
from bot.importing.kinds_organisations import ORGANISATIONS
from bot.importing.kinds_points import RULES, SHOP
from bot.importing.kinds_units import CATEGORIES, MEMBERS, UNITS
from handlers.tickets.limits import Clock
from storage.sight import StaffRole

CLOCKS = {clock.value: clock.value for clock in Clock}


def _community(*, required: bool = False, example: str = "330483001001") -> Column:
    return Column(
        "community", "社区编码", cells.code(12), ("社区代码", "所属社区编码", "村社编码"), required,
        example=example, hint="12位数字",
    )  # fmt: skip


_PHONE = Column(
    "phone", "手机号", cells.mobile, ("手机", "电话", "联系电话", "手机号码", "联系方式"), private=True,
    example="", hint="11位手机号",
)  # fmt: skip
_NAME = Column("name", "姓名", cells.person_name, ("名字", "居民姓名", "人员姓名"), True, example="张三")
_ESTATE = Column(
    "estate",
    "小区",
    cells.text(64),
    ("小区名称", "小区名", "楼盘"),
    True,
    example="学府花园",
    hint="带上分期，如 枫桦景苑一期",
)
_BUILDING = Column(
    "building", "楼栋", cells.building, ("幢", "幢号", "楼号", "栋", "楼幢", "楼栋号", "号"), True, example="3"
)
_UNIT = Column("unit", "单元", cells.unit, ("单元号",), example="2", hint="没有单元就空着")
_ROOM = Column("room", "室号", cells.room, ("室", "房号", "门牌", "房间号", "户室"), True, example="302")

_WECOM = Column(
    "wecom_user", "企业微信账号", cells.wecom_user, ("企业微信", "UserID", "企微账号"), example="",
    hint="企业微信通讯录里的账号；填了就不用认领",
)  # fmt: skip

COMMUNITIES = Kind(
    "communities", "社区",
    (
        Column("code", "社区编码", cells.code(12), ("编码", "代码", "社区代码"), True, example="330483001001",
            hint="12位数字：区划6位+街道3位+社区3位"),
        Column("name", "社区名称", cells.text(64), ("社区", "名称", "社区名", "村社名称"), True,
            example="学府社区"),
        Column("street", "街道", cells.text(64), ("镇街", "所属街道", "镇(街道)", "街道名称"), example="梧桐街道"),
        Column("phone", "值班电话", cells.office_phone, ("办公电话", "联系电话", "电话", "社区电话"),
            example="0573-88001234", hint="对居民公开的办公电话"),
    ),
    ("code",), "一行一个社区。",
)  # fmt: skip

GRIDS = Kind(
    "grids", "网格和微网格",
    (
        Column("grid", "网格编码", cells.code(15), ("网格代码",), True, example="330483001001001",
            hint="15位数字：社区12位+网格3位"),
        Column("grid_name", "网格名称", cells.text(64), ("网格", "网格名"), example="第1网格"),
        Column("micro", "微网格编码", cells.code(17), ("微网格代码",), example="33048300100100101",
            hint="17位数字：网格15位+微网格2位；设为文本格式"),
        Column("micro_name", "微网格名称", cells.text(64), ("微网格", "微网格名"), example="学府1-1",
            hint="空着就按编码取名"),
    ),
    ("grid", "micro"), "一行一个微网格；还没有微网格的网格单独一行，微网格两列空着。先导入社区。",
)  # fmt: skip

HOUSEHOLDS = Kind(
    "households", "房屋",
    (
        _community(), _ESTATE, _BUILDING, _UNIT,
        Column("floor", "楼层", cells.floor, ("层", "所在楼层"), example="3", hint="空着就按室号推算"),
        _ROOM,
        Column("micro", "微网格编码", cells.code(17), ("微网格", "微网格代码", "所属微网格编码"),
            example="33048300100100103", hint="填了它可以不填社区编码"),
        Column("word", "楼栋称呼", cells.building_word, ("楼栋类型",), example="幢",
            hint="幢、号、栋、座、号楼；空着按“楼栋”一列里写的，都没有就是幢"),
        Column("road", "道路", cells.text(64), ("路", "路名"), example="学府路"),
        Column("lane", "弄号", cells.lane, ("弄",), example="", hint="如 5511"),
        Column("aliases", "小区别名", cells.listed(20), ("别名", "俗称"), example="学府",
            hint="几个用顿号分开；同一小区写一行即可"),
        Column("spots", "公共点位", cells.listed(200), ("点位", "公共部位"), example="北门、儿童乐园",
            hint="几个用顿号分开；同一小区写一行即可"),
        Column("lat", "纬度", cells.degrees(3, 54), ("lat", "latitude"), example="30.630125",
            hint="楼栋的位置，用高德、腾讯地图上的度数，可空"),
        Column("lon", "经度", cells.degrees(73, 136), ("lon", "lng", "longitude"), example="120.560250",
            hint="楼栋的位置，用高德、腾讯地图上的度数，可空"),
    ),
    ("community", "estate", "building", "unit", "room"),
    "一行一户。小区、楼栋会自动建立；小区和楼栋的说明写在其中任意一行，其余行可空着。先导入社区和网格。",
)  # fmt: skip

RESIDENTS = Kind(
    "residents", "居民",
    (
        _NAME, _PHONE,
        Column("community", "社区编码", cells.code(12), ("社区代码",), example="",
            hint="几个社区有同名小区时才要填"),
        _ESTATE, _BUILDING, _UNIT, _ROOM,
        Column("relation", "与房屋关系", cells.one_of(cells.RELATIONS, "业主、租户、家属"),
            ("关系", "住户类型", "人员类型", "与户主关系"), True, example="业主", hint="业主、租户、家属"),
    ),
    ("name", "phone", "community", "estate", "building", "unit", "room"),
    "一行一人一房；有两套房的写两行。先导入房屋。身份证号等其他列不会被读取。",
)  # fmt: skip

LEADERS = Kind(
    "leaders", "微网格长",
    (
        _NAME, Column(_PHONE.key, _PHONE.title, _PHONE.check, _PHONE.aliases, True, True, hint=_PHONE.hint),
        Column("scope", "微网格编码", cells.code(15, 17), ("微网格", "微网格代码", "网格编码"), True,
            example="33048300100100103", hint="微网格17位；专职网格员填网格15位"),
        Column("role", "岗位", cells.one_of(cells.ROLES, "微网格长、副微网格长、专职网格员"),
            ("角色", "职务", "身份"), True, example="微网格长"),
        _WECOM,
    ),
    ("scope", "role"), "一行一个岗位。换人时写新人，原来的人自动卸任。先导入网格。",
)  # fmt: skip

_STAFF_ROLES = {
    NAMES[role]: role.value
    for role in (StaffRole.DESK, StaffRole.ASSESSOR, StaffRole.SYSTEM, StaffRole.SECURITY, StaffRole.AUDIT)
}
STAFF = Kind(
    "staff", "社区工作人员",
    (
        _NAME, Column(_PHONE.key, _PHONE.title, _PHONE.check, _PHONE.aliases, True, True, hint=_PHONE.hint),
        _community(required=True),
        Column("login", "登录名", cells.login, ("账号", "用户名"), example="zhangsan", hint="空着就不开后台账号"),
        Column("role", "岗位", cells.one_of(_STAFF_ROLES, "、".join(_STAFF_ROLES)), ("角色", "身份"),
            example="社区工作人员", hint="空着就是社区工作人员"),
        _WECOM,
    ),
    ("phone", "community"), "一行一人。新账号的初始密码和认领码只给这一次（命令行写进 --codes 的文件）。先导入社区。",
)  # fmt: skip

HOLIDAYS = Kind(
    "holidays", "节假日和调休",
    (
        Column("day", "日期", cells.day, (), True, example="2026-10-01"),
        Column("works", "类型", cells.one_of(cells.WORKS, "放假、上班、按国家公布"), ("是否上班", "安排"), True,
            example="放假", hint="放假、上班；恢复国家公布的写“按国家公布”"),
        Column("name", "名称", cells.text(32), ("节日", "节假日", "说明"), example="国庆节"),
    ),
    ("day",), "一行一天。国家公布的节假日已经内置，这里只写要改的。",
)  # fmt: skip

_MAYBE = Column(
    "community", "社区编码", cells.code(12), ("社区代码", "所属社区编码"), hint="12位数字；空着就是全市通用"
)
LIMITS = Kind(
    "limits", "时限",
    (
        _MAYBE,
        Column("of", "类别", cells.text(4), ("等级", "分类编码", "类型"), True, example="T2",
            hint="等级 T0–T4、TC、TW、TX，或四位分类编码如 0101"),
        Column("clock", "环节", cells.one_of(CLOCKS, "、".join(CLOCKS)), ("阶段",), True, example="整体",
            hint="、".join(CLOCKS)),
        Column("length", "时限", cells.duration, ("时长",), True, example="3天",
            hint="30分钟、2小时、3天；工作时间里一天是8小时；恢复默认写“默认”"),
        Column("timing", "计时", cells.one_of(cells.TIMING, "工作时间、自然时间"), ("时间类型",), True,
            example="工作时间", hint="工作时间、自然时间"),
        Column("counting", "计量", cells.one_of(cells.COUNTING, "单次、累计"), ("计量方式",), example="单次",
            hint="单次：退回后重新计；累计：接着计。空着是单次"),
    ),
    ("community", "of", "clock"),
    "一行一个时限。先导出看看现在的：jushe export limits 时限.xlsx。改动只管以后的承诺，已经答应居民的不变。",
)  # fmt: skip

HOURS = Kind(
    "hours", "值班时间",
    (
        _MAYBE,
        Column("day", "日子", cells.one_of(cells.DUTY_DAYS, "工作日、周末"), ("哪天",), True, example="工作日",
            hint="工作日（含调休上班日）、周末"),
        Column("begin", "开始", cells.hour, ("上班", "起"), True, example="8:30"),
        Column("end", "结束", cells.hour, ("下班", "止"), True, example="11:30"),
    ),
    ("community", "day", "begin"),
    "一行一段。文件里写到的社区和日子，整个换成文件里的时段。没有写过的是 8:30–11:30、13:00–18:00，周末不值班。",
)  # fmt: skip

_ALL = (
    COMMUNITIES, GRIDS, HOUSEHOLDS, RESIDENTS, LEADERS, STAFF, HOLIDAYS, LIMITS, HOURS, UNITS, MEMBERS, CATEGORIES,
    ACTIVITIES,
    FAQ, SYNONYMS,
    ORGANISATIONS,
    SHOP, RULES,
)  # fmt: skip
KINDS: Mapping[str, Kind] = {kind.name: kind for kind in _ALL}
