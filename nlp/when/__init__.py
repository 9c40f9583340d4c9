"""Days, times, spans, durations and repeats said in words; conventions in docs/time-conventions.md."""

from nlp.when.calendar import ZONE, Workdays
from nlp.when.deadline import beside, limit, until, without
from nlp.when.reader import find

__all__ = ["ZONE", "Workdays", "beside", "find", "limit", "until", "without"]
