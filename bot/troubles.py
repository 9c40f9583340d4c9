"""What keeps a program from opening its database, files or port, in words for an operator; never a password."""

from __future__ import annotations

import errno
import re

from sqlalchemy.exc import DBAPIError

from bot.logs import where
from bot.settings import SettingsError
from storage.crypto import CannotOpen
from storage.migrations import NewerDatabase

NOT_MADE = "还没有建库。运行 jushe migrate，或直接 jushe serve"
FOREIGN = (
    "已存的个人信息读不出来：JUSHE_SECRET_KEY（或数据目录里的 secret.key）不是原来的那个。"
    "找回原来的；换过密钥的，把原来的写进 JUSHE_SECRET_KEY_PREVIOUS。"
)
NEWER = "数据库是更新版本的程序写的，请先升级 jushe。"

# What a driver's message holds → what it means. The first that fits.
_DATABASE = tuple(
    (re.compile(found), words)
    for found, words in (
        (r"server version mismatch", "pg_dump 比数据库旧，请装和数据库同一版本的 postgresql-client"),
        (r"(no such table: |relation \"(public\.)?)alembic_version", NOT_MADE),
        (r"password authentication failed|no password supplied", "用户名或密码不对，请看 JUSHE_DATABASE_URL"),
        (r'database ".*" does not exist', "服务器上没有这个库，请先 createdb"),
        (
            r"encoding is \w+, not UTF8",
            "库的编码不是 UTF8，存不了汉字。请另建一个：createdb --encoding UTF8 --template template0 库名",
        ),
        (r"role .* does not exist", "服务器上没有这个用户，请先 createuser"),
        (r"no pg_hba.conf entry", "服务器不让这台机器或这个用户连，请看它的 pg_hba.conf"),
        (r"resolve host|translate host name|Name or service not known", "找不到那台主机，请看 JUSHE_DATABASE_URL"),
        (r"Connection refused|No such file or directory|server closed", "连不上：那里没有数据库在运行，或地址不对"),
        (r"timeout expired|timed? ?out|No route|unreachable", "连不上：等不到回答，请查网络和防火墙"),
        (r"too many (connections|clients)|connection slots", "数据库的连接用完了，请加大它的 max_connections"),
        (r"starting up|shutting down|in recovery", "数据库正在启动或停止，请稍后再试"),
        (r"permission denied|must be owner", "数据库用户没有权限，库应归这个用户所有"),
        (r"not a database|malformed", "文件坏了，或不是居社通的数据库。用备份恢复：jushe restore 文件"),
        (r"unable to open database file", "文件打不开：请看目录在不在、能不能写、盘满没满"),
        (r"readonly database", "文件或目录只能读，请改成运行居社通的用户能写"),
        (r"disk is full|No space left", "盘满了，请清理"),
        (r"disk I/O error", "盘写不进去：满了，或坏了"),
        (r"is locked", "正被别的程序占着，请稍后再试"),
    )
)  # fmt: skip
_FILES = {
    errno.ENOENT: "没有这个文件或目录",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.ENOSPC: "盘满了，请清理",
    errno.EDQUOT: "配额用完了，请清理",
    errno.EROFS: "盘是只读的",
    errno.EEXIST: "这里已经有一个文件",
    errno.ENOTDIR: "上一级不是目录",
    errno.EISDIR: "这是目录，不是文件",
    errno.EIO: "盘读写出错，可能坏了",
}


def trouble(error: BaseException) -> str:
    """One sentence: what is wrong and where to look; type and place of whatever is not known here."""
    match error:
        case NewerDatabase():
            return NEWER
        case CannotOpen():
            return FOREIGN
        case DBAPIError():
            return of_database(error)
        case SettingsError():
            return "；".join(error.lines)
        case OSError() if error.errno in _FILES:
            named = next((name for name in (error.filename2, error.filename) if isinstance(name, str)), "")
            return f"{named}：{of_file(error)}" if named else of_file(error)
    return where(error)


def of_file(error: OSError) -> str:
    """Why a file cannot be read or written, without its name."""
    return _FILES.get(error.errno or 0) or error.strerror or "未知原因"


def of_database(error: DBAPIError) -> str:
    """What the driver says is only read, not repeated: it may hold a person's words."""
    return of_driver(str(error.orig)) or where(error)


def of_driver(said: str) -> str:
    """What a driver, pg_dump or pg_restore means; "" when it is none of what is known here."""
    return next((words for found, words in _DATABASE if found.search(said)), "")
