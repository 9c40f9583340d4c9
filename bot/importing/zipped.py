"""Whether an xlsx archive is safe to unpack: bombs and giant sheets are refused before they cost memory."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

MAX_UNPACKED = 400 * 1024 * 1024
MAX_MEMBERS = 1_000
_PART = 256 * 1024
_OVERLAP = 64
# A reader lays a sheet out as a full rectangle, so one cell at XFD1048576 is as bad as a bomb.
# Columns to AZ and rows below 600,000 (the 500,000 limit is checked exactly later) are let through.
_FAR = re.compile(rb"""\sr\s*=\s*["'](?:[A-Z]{3}|[B-Z][A-Z]\d|[A-Z]{0,3}(?:[6-9]\d{5}|\d{7,})["'])""")


class FileRefused(Exception):
    """The file as a whole cannot be used; the text says what to do."""


def check_archive(data: bytes) -> None:
    """Unpack everything once in small parts and count. Raises FileRefused.

    The sizes in the directory are not believed: zipfile stops at the declared size and then fails on the checksum.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if len(members) > MAX_MEMBERS:
                raise FileRefused("这个 xlsx 里的部件太多。请把数据复制到一个新的表格再导入。")
            if sum(member.file_size for member in members) > MAX_UNPACKED:
                raise FileRefused("这个 xlsx 解开后太大。请拆成几个文件。")
            for member in members:
                _scan(archive, member)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise FileRefused("打不开这个 xlsx 文件，可能已损坏或加了密码。") from error


def _scan(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    is_sheet = member.filename.lower().startswith("xl/worksheets/")
    tail = b""
    with archive.open(member) as stream:
        while part := stream.read(_PART):
            if is_sheet and _FAR.search(tail + part):
                raise FileRefused("表格太大：最多 52 列、50 万行。请删掉多余的行列（远处有格子里留着内容或格式）。")
            tail = part[-_OVERLAP:]
