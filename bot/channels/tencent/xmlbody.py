"""One callback body as strictly read fields: small, flat, nothing twice; not what they mean."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from bot.channels.tencent.envelope import Hostile

_ELEMENTS_MOST = 256
_PROLOG = re.compile(r"\s*(?:<\?xml [^<>]{0,100}\?>\s*)?<xml>")

_SEALED = re.compile(
    rb"\s*<xml>\s*<ToUserName><!\[CDATA\[[^\]<]{0,64}\]\]></ToUserName>"
    rb"\s*<Encrypt><!\[CDATA\[([0-9A-Za-z+/=]+)\]\]></Encrypt>\s*</xml>\s*"
)


class Fields:
    """The children of <xml>. A leaf is one string; a parent is kept as it is for the few types that have one."""

    __slots__ = ("_leaves", "_parents")

    def __init__(self, leaves: dict[str, str], parents: dict[str, ElementTree.Element]) -> None:
        self._leaves = leaves
        self._parents = parents

    def one(self, name: str, most: int, pattern: re.Pattern[str] | None = None) -> str:
        """The field's text without outer blanks, "" when absent.

        Raises Hostile(400) when it is not one string, longer than `most` characters, or not of `pattern`.
        """
        if name in self._parents:
            raise Hostile(400, "field_nested")
        text = self._leaves.get(name, "")
        if len(text) > most:
            raise Hostile(400, "field_long")
        if pattern is not None and not pattern.fullmatch(text):
            raise Hostile(400, "field_form")
        return text

    def inside(self, name: str) -> Fields:
        """The fields under a parent; none when it is absent. Raises Hostile(400) as parse() does."""
        parent = self._parents.get(name)
        return Fields({}, {}) if parent is None else _fields(parent)


def parse(body: bytes) -> Fields:
    """Raises Hostile(400) for everything that is not one well-formed, flat, UTF-8 <xml> element.

    The prolog is matched before any parser sees the body, so a DOCTYPE (and with it every entity) is refused
    while a resident may still write the word.
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Hostile(400, "not_utf8") from error
    if not _PROLOG.match(text):
        raise Hostile(400, _kind_of(text))
    try:
        root = ElementTree.fromstring(text)  # noqa: S314 - no DOCTYPE, size limited by the caller
    except (ElementTree.ParseError, ValueError) as error:
        raise Hostile(400, "xml_broken") from error
    # Two "<" an element, so an ordinary body is never walked.
    if body.count(b"<") > _ELEMENTS_MOST and sum(1 for _ in root.iter()) > _ELEMENTS_MOST:
        raise Hostile(400, "xml_elements")
    return _fields(root)


def sealed_text(body: bytes, most: int) -> str:
    """The <Encrypt> of an envelope's XML. Raises Hostile(400) as parse() does.

    The platform's own form is matched whole, which is five times faster; any other well-formed one is parsed.
    """
    usual = _SEALED.fullmatch(body)
    return usual[1].decode() if usual else parse(body).one("Encrypt", most)


def _kind_of(text: str) -> str:
    start = text.lstrip()
    if start[:1] in ("{", "["):
        return "json_body"
    head = start[:400].upper()
    return "doctype" if "<!DOCTYPE" in head or "<!ENTITY" in head else "not_xml"


def _fields(parent: ElementTree.Element) -> Fields:
    leaves: dict[str, str] = {}
    parents: dict[str, ElementTree.Element] = {}
    if parent.attrib:
        raise Hostile(400, "xml_attribute")
    for child in parent:
        tag = child.tag
        if tag in leaves or tag in parents:
            raise Hostile(400, "field_twice")
        if child.attrib:
            raise Hostile(400, "xml_attribute")
        if len(child):
            parents[tag] = child
        else:
            leaves[tag] = (child.text or "").strip()
    return Fields(leaves, parents)
