"""A report with markup behind it was no longer understood: the script's signs counted as words of an attack."""

from __future__ import annotations

import nlp
from nlp.normalize import normalize

SCRIPT = "<script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">"


def test_the_report_is_heard_and_the_record_keeps_every_sign() -> None:
    plain, marked = nlp.understand("3幢2单元楼道灯坏了"), nlp.understand(f"3幢2单元楼道灯坏了{SCRIPT}")
    assert (marked.intent, marked.category, marked.urgency) == (plain.intent, plain.category, plain.urgency)
    assert marked.raw.endswith(SCRIPT)


def test_what_only_looks_like_markup_stays() -> None:
    assert normalize("温度<5度>了") == "温度<5度>了"
    assert normalize("水压<0.1,没水") == "水压<0.1,没水"
    assert nlp.understand(SCRIPT).intent in ("", "smalltalk_invalid")
