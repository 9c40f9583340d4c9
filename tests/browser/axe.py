"""Asks axe-core what is wrong with a page for somebody who cannot see or use it well. The script is the package's."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from playwright.sync_api import Page

GRAVE = ("serious", "critical")
_RUN = """async grave => {
  const found = await axe.run(document, {resultTypes: ["violations"]});
  return found.violations.filter(one => grave.includes(one.impact)).map(one => ({
    id: one.id, help: one.help, where: one.nodes.slice(0, 3).map(node => node.html.slice(0, 160)),
  }));
}"""


@cache
def script() -> str:
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def findings(page: Page) -> list[str]:
    """Serious and critical ones, a line each. Contrast is part of it; so is what has no name."""
    page.emulate_media(reduced_motion="reduce")  # what is still fading in has no contrast yet
    page.evaluate(script())
    found = page.evaluate(_RUN, list(GRAVE))
    return [f"{one['id']} ({one['help']}): {' | '.join(one['where'])}" for one in found]
