"""What a lease hands out: its schedule of rents, its printed sheet and its documents."""

from django import forms
from django.conf import settings
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from parks.days import day_of
from parks.files import serve
from tenants import rent
from tenants import services as letting
from tenants.forms import ReasonForm, file_field
from tenants.models import Document, Lease, Tenant
from tenants.selectors import with_terms
from tenants.sheet import lease_sheet
from tenants.views.base import ActView, export, last_day
from tenants.views.lists import declared

SCHEDULE_COLUMNS = (
    (gettext_lazy("unit"), "name"),
    (gettext_lazy("from"), "start"),
    (gettext_lazy("last day"), last_day("end")),
    (gettext_lazy("days"), "days"),
    (gettext_lazy("rent (yuan)"), "rent"),
    (gettext_lazy("property fee (yuan)"), "fee"),
    (gettext_lazy("together (yuan)"), "total"),
)


class _OfLease(PermissionRequiredMixin, View):
    permission_required = "tenants.view_lease"

    @cached_property
    def lease(self):
        leases = with_terms(Lease.objects.visible_to(self.request.user))
        return get_object_or_404(leases, pk=self.kwargs["pk"])


class LeaseSchedule(_OfLease):
    """The schedule of rents as a file, ``?format=csv`` or a workbook."""

    permission_required = ("tenants.view_lease", "tenants.view_money")

    def get(self, request, pk):
        kind = "csv" if request.GET.get("format") == "csv" else "xlsx"
        columns = [(one.heading, one.value) for one in declared(SCHEDULE_COLUMNS)]
        return export(rent.schedule(self.lease), columns, kind, day_of(request))


class LeaseSheet(_OfLease):
    """The contract sheet as PDF."""

    def get(self, request, pk):
        content = lease_sheet(
            self.lease, with_money=request.user.has_perm("tenants.view_money"), demo=settings.DEMO
        )
        answer = HttpResponse(content, content_type="application/pdf")
        answer["Content-Disposition"] = f'inline; filename="lease-{self.lease.pk}.pdf"'
        answer["Cache-Control"] = "private, no-store"
        return answer


class DocumentForm(forms.Form):
    file = file_field()
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=Document.Kind, initial=Document.Kind.CONTRACT
    )


class _AddDocument(ActView):
    title = gettext_lazy("Add a document")
    done = gettext_lazy("The document is kept.")
    template_name = "tenants/document_add.html"
    form_class = DocumentForm
    of = ""
    model = None

    @cached_property
    def owner(self):
        rows = self.model.objects.visible_to(self.request.user)
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs, subject=self.owner)

    def back(self):
        return reverse(f"tenants:{self.of}-detail", args=[self.owner.pk])

    def act(self, *, file, kind):
        letting.add_document(
            file=file, kind=kind, at=timezone.now(), by=self.request.user, **{self.of: self.owner}
        )
        return self.back()


class AddLeaseDocument(_AddDocument):
    permission_required = "tenants.draft_lease"
    of, model = "lease", Lease


class AddTenantDocument(_AddDocument):
    permission_required = "tenants.change_tenant"
    of, model = "tenant", Tenant


def _documents(user):
    return Document.objects.visible_to(user).select_related("lease__park", "tenant")


class DocumentFile(PermissionRequiredMixin, View):
    """The file itself; ``?show=1`` opens PDF and pictures in the browser's sandbox."""

    permission_required = "tenants.view_lease"

    def get(self, request, pk):
        document = get_object_or_404(_documents(request.user).kept(), pk=pk)
        if not document.file.storage.exists(document.file.name):
            raise Http404(_("The file is no longer there."))
        with document.file.open("rb") as file:
            content = file.read()
        return serve(
            content, name=document.name, media_type=document.media_type,
            shown=request.GET.get("show") == "1",
        )  # fmt: skip


class RemoveDocument(ActView):
    permission_required = "tenants.draft_lease"
    title = gettext_lazy("Remove the document")
    done = gettext_lazy("The document is removed; the trail keeps that it was there.")
    form_class = ReasonForm
    danger = True

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"required": True}

    @cached_property
    def document(self):
        return get_object_or_404(_documents(self.request.user).kept(), pk=self.kwargs["pk"])

    def consequences(self):
        return [_("The file is deleted and cannot be brought back.")]

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs, subject=self.document)

    def back(self):
        document = self.document
        if document.lease_id:
            return reverse("tenants:lease-detail", args=[document.lease_id])
        return reverse("tenants:tenant-detail", args=[document.tenant_id])

    def act(self, *, reason):
        letting.remove_document(
            document=self.document, at=timezone.now(), by=self.request.user, reason=reason
        )
        return self.back()
