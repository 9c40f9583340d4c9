"""What a template itself can get wrong: quotes printed from an expression are escaped, and are none any more."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2] / "bot"
_ATTRIBUTE = re.compile(r"""\{\{[^}]*(?:'\s*[a-z-]+="|"\s*[a-z-]+=')[^}]*\}\}""")


def test_no_expression_prints_an_attribute_with_its_quotes() -> None:
    """`<form{{ ' enctype="…"' if photos }}>` sends the names of the photos and leaves the photos behind."""
    pages = sorted(ROOT.glob("*/templates/*.html"))
    assert len(pages) > 100
    assert _ATTRIBUTE.search("""<form{{ ' enctype="multipart/form-data"' if a }}>""")
    found = [f"{page.name}: {hit}" for page in pages for hit in _ATTRIBUTE.findall(page.read_text("utf-8"))]
    assert not found
