"""The inbox, and how a person gets notices outside the pages."""

import secrets
from collections import Counter
from datetime import date

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from parks import notices
from parks.keys import as_key
from parks.models import Notice, NoticeReading, Subscription

PAGE_SIZE = 50
#: Of one kind in a park so many are shown among others; a link leads to all.
FEW = 3


def mine(request):
    return notices.standing(request.user, timezone.localdate())


@login_required
def inbox(request):
    """Park by park, unread first, then what is most urgent; many of one kind are folded.

    ``?kind=``, ``?park=`` and ``?unread=1`` narrow; of a chosen kind all are shown.
    """
    user = request.user
    kind, park = request.GET.get("kind", ""), request.GET.get("park", "").replace("\x00", "")
    read = NoticeReading.objects.filter(notice=OuterRef("pk"), user=user)
    # Asked once: whether a reason still holds costs a question a kind.
    rows = mine(request).annotate(read=Exists(read)).order_by("park__code").values_list(
        "pk", "kind", "park__code", "park__name", "read", "due_on", "raised_on", named=True
    )  # fmt: skip
    found = list(rows)
    present = {one.kind for one in found}
    parks = {one.park__code: one.park__name for one in found if one.park__code}
    chosen = [
        one for one in found
        if (kind not in notices.kinds() or one.kind == kind)
        and (not park or one.park__code == park)
        and not (one.read and request.GET.get("unread"))
    ]  # fmt: skip
    fold = len(present) > 1 and kind not in present
    shown, more = _folded(_first_things_first(chosen), FEW if fold else len(chosen))
    page = Paginator(shown, PAGE_SIZE).get_page(request.GET.get("page"))
    told = Notice.objects.select_related("park").defer("park__boundary")
    told = told.in_bulk([one.pk for one in page.object_list])
    lines = [
        (n, notices.words(n), notices.kind_of(n), one.read, more.get(one.pk))
        for one in page.object_list if (n := told.get(one.pk))
    ]  # fmt: skip
    known = [(key, notices.kinds()[key].label) for key in sorted(present & set(notices.kinds()))]
    context = {
        "page_obj": page, "paginator": page.paginator, "is_paginated": page.has_other_pages(),
        "lines": lines, "kinds": known, "kind": kind, "parks": parks, "code": park,
        "waiting": sum(not one.read for one in found),
        "of_no_park": user.has_perm("parks.view_park") and not user.parks.exists(),
    }  # fmt: skip
    return render(request, "parks/inbox.html", context)


def _first_things_first(found) -> list:
    """Kind by kind in each park, the most urgent and then the earliest kind first."""
    levels = {"bad": 0, "warn": 1}
    urgency = {key: levels.get(one.level, 2) for key, one in notices.kinds().items()}
    earliest = {}
    for one in found:
        alike, day = (one.park__code, one.read, one.kind), one.due_on or date.min
        earliest[alike] = min(day, earliest.get(alike, day))
    return sorted(found, key=lambda one: (
        one.park__code or "", one.read, urgency.get(one.kind, 2),
        earliest[one.park__code, one.read, one.kind], one.kind,
        one.due_on or date.min, -one.raised_on.toordinal(), -one.pk,
    ))  # fmt: skip


def _folded(found, most):
    """Of each kind in a park the first ``most``; one is never folded alone.

    Returns them, and ``{key of the last shown: how many are not}``.
    """
    many = Counter((one.park__code, one.kind) for one in found)
    shown, more, seen = [], {}, Counter()
    for one in found:
        alike = one.park__code, one.kind
        seen[alike] += 1
        folded = many[alike] > most + 1
        if folded and seen[alike] == most:
            more[one.pk] = many[alike] - most
        if not folded or seen[alike] <= most:
            shown.append(one)
    return shown, more


@login_required
@require_POST
def mark(request):
    """``read=<key>``, ``unread=<key>``, ``kind=<kind>`` with ``park=<key>``, or ``all=1``.

    Keys that are not one's own do nothing. Back to the inbox with the filters of the address.
    """
    rows = mine(request)
    key = request.POST.get("read") or request.POST.get("unread") or ""
    one = rows.filter(pk=as_key(key))
    if request.POST.get("unread"):
        notices.mark_unread(one, user=request.user)
    else:
        kind, park = request.POST.get("kind", ""), as_key(request.POST.get("park", ""))
        alike = rows.filter(kind=kind, park=park) if kind else one
        chosen = rows if request.POST.get("all") else alike
        notices.mark_read(chosen, user=request.user, at=timezone.now())
    query = request.GET.urlencode()
    return redirect(reverse("parks:inbox") + (f"?{query}" if query else ""))


class SubscriptionForm(forms.ModelForm):
    language = forms.ChoiceField(choices=settings.LANGUAGES)

    class Meta:
        model = Subscription
        fields = ("digest", "language")


@login_required
def subscription(request):
    """Digest, language and the calendar's secret address; ``renew`` makes the old one die."""
    mine = notices.subscription_of(request.user, token=secrets.token_urlsafe(32), at=timezone.now())
    if request.method == "POST" and request.POST.get("renew"):
        mine.token, mine.token_made_at = secrets.token_urlsafe(32), timezone.now()
        mine.save(update_fields=["token", "token_made_at"])
        messages.success(request, _("The calendar has a new address; the old one no longer works."))
        return redirect("parks:notice-settings")
    form = SubscriptionForm(request.POST or None, instance=mine)
    form.fields["digest"].help_text = _(
        "Never: no mail at all, not about your applications either."
    )
    form.fields["language"].label = _("Language of the mail and the calendar")
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("parks:notice-settings")
    address = f"{settings.SITE_URL}/calendar/{mine.token}.ics"
    context = {"form": form, "address": address, "email": request.user.email}
    return render(request, "parks/subscription.html", context)
