"""What rides on a unit goes on with the units that follow it after a split or merge.

``parks`` knows nothing that rides on units: whoever does registers here, when its app is ready,
as for ``parks.obstacles``. Followers run in the transaction of the change; what they raise, such
as a ``RuleViolation``, takes all of it back.
"""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Follower:
    """``begin(change, sources, results, by, reason)`` after the units of a change are there;
    ``cancel(change, sources, results, by, reason)`` before the planned ones are deleted.
    """

    begin: Callable
    cancel: Callable


_followers: list[Follower] = []


def register(follower: Follower) -> Follower:
    _followers.append(follower)
    return follower


def begin(change, sources, results, *, by, reason):
    for follower in _followers:
        follower.begin(change, sources, results, by, reason)


def cancel(change, sources, results, *, by, reason):
    for follower in _followers:
        follower.cancel(change, sources, results, by, reason)
