"""The guided form of a lease: a new draft, or a draft written anew, with its papers."""

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.generic import View

from parks.errors import SomeoneWasFaster
from parks.files import FileRefused
from parks.models import Park, Upload
from tenants import lease_forms, rent
from tenants import services as letting
from tenants.lease_typed import first_month, line_terms
from tenants.models import Document, Lease
from tenants.views.base import add_refusal, last_day_to_end
from tenants.views.lease_differences import differences, taken

#: Fields of the form that only help to fill others.
HELPERS = ("new_name", "new_kind", "new_uscc", "new_contact", "new_phone", "deposit_months",
           "step_months", "step_percent")  # fmt: skip


class LeaseWrite(PermissionRequiredMixin, View):
    """The form of a lease: a new draft, or a draft written anew.

    ``version`` travels with the form: when somebody saved in between, nothing is overwritten,
    theirs stands beside mine and the person takes one of both, field by field (``take-<field>``).
    """

    permission_required = "tenants.draft_lease"

    def lease(self):
        if "pk" not in self.kwargs:
            return None
        leases = Lease.objects.visible_to(self.request.user).filter(signed_on__isnull=True)
        return get_object_or_404(leases, pk=self.kwargs["pk"])

    def get(self, request, **kwargs):
        lease = self.lease()
        first = {"start": request.GET.get("start", "")}
        form = lease_forms.LeaseForm(user=request.user, lease=lease, initial=first)
        lines = lease_forms.lines_formset(
            user=request.user, lease=lease, units=request.GET.getlist("unit")
        )
        return self.answer(form, lines, lease)

    def keep_papers(self, lease):
        """The files just sent, kept whatever becomes of the form: their keys, and refusals."""
        kept, refusals, request = set(), [], self.request
        kind = request.POST.get("paper_kind")
        kind = kind if kind in Document.Kind.values else Document.Kind.OTHER
        for file in request.FILES.getlist("papers"):
            try:
                paper = letting.keep_paper(
                    file=file, kind=kind, at=timezone.now(), by=request.user, lease=lease
                )
            except FileRefused as refusal:
                refusals.append(f"{file.name}: {refusal.messages[0]}")
            else:
                kept.add(str(paper.pk))
        return kept, refusals

    def post(self, request, **kwargs):
        lease, user = self.lease(), request.user
        kept, refusals = self.keep_papers(lease)
        ticked = kept | set(request.POST.getlist("paper"))
        data, faster, differing = request.POST, False, []
        if lease is not None:
            data = taken(data, lease, user)
            if data.get("version") != str(lease.version):
                faster, differing = True, differences(data, lease, user)
                data["version"] = lease.version
        form = lease_forms.LeaseForm(data, user=user, lease=lease)
        lines = lease_forms.lines_formset(data, user=user)
        for refusal in refusals:
            form.add_error(None, refusal)
        if form.is_valid() and lines.is_valid():
            try:
                if faster:
                    raise SomeoneWasFaster
                saved = self.save(lease, dict(form.cleaned_data), lines, ticked)
            except ValidationError as refusal:
                add_refusal(form, refusal)
            else:
                return redirect("tenants:lease-detail", pk=saved.pk)
        return self.answer(form, lines, lease, differing, ticked)

    @transaction.atomic
    def save(self, lease, values, lines, ticked):
        saved = self.write(lease, values, lines)
        for paper in letting.papers_of(self.request.user, lease):
            if str(paper.pk) in ticked:
                letting.attach_paper(
                    paper=paper, lease=saved, at=timezone.now(), by=self.request.user
                )
        return saved

    def write(self, lease, values, lines):
        by, own_days = self.request.user, {} if lease is None else _own_days(lease)
        helpers = {name: values.pop(name) for name in HELPERS}
        values["end"] = last_day_to_end(values.pop("last_day"))
        terms = line_terms(lines, values["start"], values["end"], helpers, own_days)
        if helpers["deposit_months"]:
            values["deposit"] = rent.cents(helpers["deposit_months"] * first_month(terms))
        if helpers["new_name"]:
            values["tenant"] = self.new_tenant(terms, helpers)
        if lease is None:
            values.pop("version")
            return letting.draft_lease(lines=terms, by=by, **values)
        values["number"] = values["number"] or lease.number
        return letting.redraft_lease(lease=lease, lines=terms, by=by, **values)

    def new_tenant(self, terms, helpers):
        """Made in the same transaction as the draft: none without the other."""
        parks = Park.objects.visible_to(self.request.user)
        home = parks.filter(buildings__floors__units__in=[one.unit.pk for one in terms]).first()
        return letting.create_tenant(
            name=helpers["new_name"], kind=helpers["new_kind"] or "firm",
            uscc=helpers["new_uscc"], contact_name=helpers["new_contact"],
            contact_phone=helpers["new_phone"], home_park=home, by=self.request.user,
        )  # fmt: skip

    def answer(self, form, lines, lease, differing=(), ticked=()):
        papers = [(one, Document.Kind(one.options["kind"]).label, str(one.pk) in ticked)
                  for one in letting.papers_of(self.request.user, lease)]  # fmt: skip
        return render(self.request, "tenants/lease_form.html", {
            "form": form, "lines": lines, "lease": lease, "differences": differing,
            "papers": papers, "paper_kinds": Document.Kind.choices,
        })  # fmt: skip


def _own_days(lease) -> dict:
    """Days of the lines that differ from the lease's: the form does not ask for them."""
    return {
        line.unit_id: {
            "start": line.start if line.start != lease.start else None,
            "end": line.end if line.end != lease.end else None,
        }
        for line in lease.lines.all()
    }


class DiscardPaper(PermissionRequiredMixin, View):
    """Take back a file that waits for a form; the form drops its row."""

    permission_required = "tenants.draft_lease"

    def post(self, request, pk):
        mine = Upload.objects.filter(kind=Upload.Kind.PAPER, by=request.user.pk)
        paper = get_object_or_404(mine, pk=pk, applied_at=None, discarded_at=None)
        letting.discard_paper(paper=paper, at=timezone.now())
        return HttpResponse("") if request.htmx else redirect("tenants:lease-new")
