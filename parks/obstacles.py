"""What stands in the way when a unit is to end or close.

``parks`` knows no tenant: whoever builds on units registers here, when its app is ready, a
question that names its own reasons. Dependency points downward; the answer travels up.
"""

from collections.abc import Callable, Iterable

from parks.periods import Period

Question = Callable[..., Iterable[str]]
_questions: list[Question] = []


def register(question: Question) -> Question:
    """``question(units, period, by)`` yields a sentence per thing that needs a unit then.

    ``by`` is the user who asks: what that user may not see is not named.
    """
    _questions.append(question)
    return question


def obstacles(units, period: Period, *, by) -> list[str]:
    """Every reason why ``units`` (a UnitQuerySet) cannot end or close during ``period``."""
    return [str(reason) for question in _questions for reason in question(units, period, by)]
