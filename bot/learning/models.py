"""Model files on the disk: written whole or not at all, read with a limit."""

from __future__ import annotations

import os
from pathlib import Path

from nlp.linear import BadModel, Learned, Model, load, pack

LARGEST = 64 * 1024 * 1024  # bytes of a file that is read


def write_model(path: Path, learned: Learned) -> int:
    """Bytes written. A file of the same name is replaced. Raises OSError."""
    blob = pack(learned)
    draft = path.with_name(f".{path.name}.{os.getpid()}.draft")
    try:
        draft.write_bytes(blob)
        draft.replace(path)
    except OSError as error:
        raise OSError(f"写不了 {path}：{error.strerror or '未知原因'}。") from None
    finally:
        draft.unlink(missing_ok=True)
    return len(blob)


def read_model(path: Path) -> Model:
    """Raises BadModel for what is not a model or cannot be read."""
    try:
        if path.stat().st_size > LARGEST:
            raise BadModel("文件太大，不是 jushe 的模型。")
        return load(path.read_bytes())
    except OSError as error:
        raise BadModel(f"读不了（{error.strerror or '未知原因'}）。") from None
