"""How often somebody may try something, counted in the cache, which all processes share."""

import hashlib

from django.conf import settings
from django.core.cache import cache


def allowed(what, who, *, most, seconds, at) -> bool:
    """Take one of the ``most`` places that ``who`` has for ``what`` in the ``seconds`` around ``at``.

    Each place is one entry that only one of those who come at once can add.
    """
    window = int(at.timestamp()) // seconds
    mark = hashlib.sha256(str(who).encode()).hexdigest()[:32]
    return any(cache.add(f"{what}:{window}:{mark}:{place}", 1, seconds) for place in range(most))


def client_address(request) -> str:
    """Whose request it is: behind ``TRUSTED_PROXIES`` proxies, what the outermost of them saw.

    A client may write the header itself; only what our own proxies added at its end is believed.
    """
    seen = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    count = settings.TRUSTED_PROXIES
    if count and len(seen) >= count and seen[-count]:
        return seen[-count]
    return request.META.get("REMOTE_ADDR", "")
