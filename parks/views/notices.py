"""The inbox, and how a person gets notices outside the pages."""

import secrets

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Case, Count, Exists, F, Min, OuterRef, Q, When, Window
from django.db.models.functions import RowNumber
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from parks import notices
from parks.keys import as_key
from parks.models import NoticeReading, Subscription

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
    read = NoticeReading.objects.filter(notice=OuterRef("pk"), user=user)
    rows = mine(request).annotate(read=Exists(read)).select_related("park").defer("park__boundary")
    kind, park = request.GET.get("kind", ""), request.GET.get("park", "").replace("\x00", "")
    places = mine(request).order_by("park__code").values_list("kind", "park__code", "park__name")
    places = list(places.distinct())
    present = {known for known, _code, _name in places}
    parks = {code: name for _kind, code, name in places if code}
    if kind in notices.kinds():
        rows = rows.filter(kind=kind)
    if park:
        rows = rows.filter(park__code=park)
    if request.GET.get("unread"):
        rows = rows.filter(read=False)
    rows = _first_things_first(rows, FEW if len(present) > 1 and kind not in present else None)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    lines = [(n, notices.words(n), notices.kind_of(n)) for n in page.object_list]
    known = [(key, notices.kinds()[key].label) for key in sorted(present & set(notices.kinds()))]
    context = {
        "page_obj": page, "paginator": page.paginator, "is_paginated": page.has_other_pages(),
        "lines": lines, "kinds": known, "kind": kind, "parks": parks, "code": park,
        "waiting": notices.unread(user, timezone.localdate()),
        "of_no_park": user.has_perm("parks.view_park") and not user.parks.exists(),
    }  # fmt: skip
    return render(request, "parks/inbox.html", context)


def _first_things_first(rows, most=None):
    """Kind by kind, the most urgent first; of each kind in a park ``most``, unless None.

    Adds then ``more``: how many of the kind are not shown, on the last that is; one is never folded.
    """
    levels = [
        When(kind__in=[key for key, one in notices.kinds().items() if one.level == level], then=n)
        for n, level in enumerate(("bad", "warn"))
    ]
    alike = {"partition_by": ["park", "kind"]}
    inside = ["read", "due_on", "-raised_on", "-pk"]
    rows = rows.annotate(
        urgency=Case(*levels, default=len(levels)),
        soonest=Window(Min("due_on"), partition_by=["park", "kind", "read"]),
    )
    if most:
        rows = rows.annotate(
            place=Window(RowNumber(), order_by=inside, **alike),
            of_kind=Window(Count("pk"), **alike),
        )
        folded = Q(of_kind__gt=most + 1)
        rows = rows.filter(~folded | Q(place__lte=most)).annotate(
            more=Case(When(folded, place=most, then=F("of_kind") - most), default=0)
        )
    return rows.order_by(
        F("park__code").asc(nulls_first=True), "read", "urgency",
        F("soonest").asc(nulls_first=True), "kind", *inside,
    )  # fmt: skip


@login_required
@require_POST
def mark(request):
    """``read=<key>``, ``unread=<key>``, ``kind=<kind>`` with ``park=<key>``, or ``all=1``.

    Keys that are not one's own do nothing.
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
    return redirect("parks:inbox")


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
