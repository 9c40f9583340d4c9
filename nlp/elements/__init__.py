"""An address string in its elements (prov city district town road roadno … roomno): by rules, or by a tagger that
learns from labelled strings the operator gives."""

from nlp.elements.rules import Element, segment
from nlp.elements.tagger import Tagger

__all__ = ["Element", "Tagger", "segment"]
