"""The registry of notices: which kinds there are, their words, and what raises and withdraws them.

A notice of a kind with a question lives as long as its reason: ``standing`` shows only those whose
reason still holds (a renewed lease, a released hold no longer warn, at once), ``settle`` raises
what now holds and clears away what no longer does. ``parks`` knows no lease, so apps above register
their kinds and questions, as for ``parks.obstacles``.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parks.models import Notice, NoticeReading, Subscription


@dataclass(frozen=True)
class Kind:
    """``words`` is a sentence with ``%(name)s`` of the notice's params. level: bad, warn or info."""

    label: str
    words: str
    level: str = "info"


@dataclass(frozen=True)
class Reason:
    """Why somebody is warned now: the staff of ``park_id``, or one ``user_id``."""

    kind: str
    key: str
    about: int | None = None
    park_id: int | None = None
    user_id: int | None = None
    params: dict = field(default_factory=dict)
    url: str = ""
    due_on: date | None = None


#: A kind that nobody registered still shows that something happened.
UNKNOWN = Kind(_("Notice"), _("Something happened here; open it to see what."))
_kinds: dict[str, Kind] = {}
_questions: dict[Callable[[date], Iterable[Reason]], set[str]] = {}
_conditions: dict[str, Callable[[date], Q]] = {}


def register_kind(key: str, kind: Kind) -> None:
    _kinds[key] = kind


def register(*kinds: str):
    """``question(on)`` yields every reason of ``kinds`` that holds on day ``on``."""

    def keep(question):
        _questions[question] = set(kinds)
        return question

    return keep


def register_condition(kind: str, condition: Callable[[date], Q]) -> None:
    """``condition(on)``: which notices of ``kind`` still have their reason on ``on``."""
    _conditions[kind] = condition


def kinds() -> dict[str, Kind]:
    return dict(_kinds)


def kind_of(notice) -> Kind:
    return _kinds.get(notice.kind, UNKNOWN)


def words(notice) -> str:
    """The sentence in the language that is active."""
    kind = kind_of(notice)
    return str(kind.words) % notice.params if kind is not UNKNOWN else str(kind.words)


def standing(user, on: date):
    """What ``user`` is told on ``on``, whenever ``settle`` last ran; one query."""
    return Notice.objects.visible_to(user).filter(_holds(on, frozenset(_conditions)))


@lru_cache(maxsize=32)
def _holds(on, kinds) -> Q:
    """Kept, as every page counts what is unread; it names columns and the day, no rows.

    Nothing of a kind with a condition holds unless it is among ``kinds``.
    """
    holds = ~Q(kind__in=_conditions)
    for kind in sorted(kinds):
        holds |= Q(kind=kind) & _conditions[kind](on)
    return holds


def settle(on: date) -> tuple[int, int]:
    """Raise what holds on ``on`` and withdraw what does not; return how many of each.

    Safe to run twice and at once: the key is unique. Nobody is blocked while it asks: only the
    writing is one transaction. A day nobody ran it is not made up for; what still holds is raised
    now, at its present threshold.
    """
    asked = set().union(*_questions.values())
    kept = dict(Notice.objects.filter(kind__in=asked).values_list("key", "pk"))
    found = {reason.key: reason for question in _questions for reason in question(on)}
    gone = [pk for key, pk in kept.items() if key not in found]
    fresh = [
        Notice(
            kind=r.kind, key=key, about=r.about, park_id=r.park_id, user_id=r.user_id,
            params=r.params, url=r.url, due_on=r.due_on, raised_on=on,
        )
        for key, r in found.items() if key not in kept
    ]  # fmt: skip
    if gone or fresh:
        with transaction.atomic():
            Notice.objects.filter(pk__in=gone).delete()
            Notice.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=500)
    return len(fresh), len(gone)


def mark_read(notices, *, user, at) -> None:
    rows = [
        NoticeReading(notice_id=pk, user=user, at=at) for pk in notices.values_list("pk", flat=True)
    ]
    NoticeReading.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)


def mark_unread(notices, *, user) -> None:
    NoticeReading.objects.filter(notice__in=notices.values("pk"), user=user).delete()


def unread(user, on: date) -> int:
    """How many of ``standing``: every page asks, so only the kinds there are cost a condition."""
    waiting = Notice.objects.visible_to(user).unread_by(user)
    found = set(waiting.order_by().values_list("kind", flat=True).distinct())
    if not found:
        return 0
    return waiting.filter(_holds(on, frozenset(found & _conditions.keys()))).count()


def subscription_of(user, *, token, at) -> Subscription:
    """The person's subscription, made with ``token`` the first time."""
    made, _new = Subscription.objects.get_or_create(
        user=user, defaults={"token": token, "token_made_at": at}
    )
    return made
