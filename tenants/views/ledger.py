"""Ledgers: handing in, the findings, applying, taking back; and the ledger of a day."""

import io

from django import forms
from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.generic import ListView, TemplateView, View

from parks import work
from parks.days import day_of
from parks.models import Park, Upload
from tenants.ledger import jobs
from tenants.ledger.columns import SHEETS
from tenants.ledger.export import exported
from tenants.ledger.findings import OUTCOMES
from tenants.ledger.writer import template, write
from tenants.views.base import add_refusal

ROWS = 100
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OUTCOME_LABELS = {
    "created": gettext_lazy("new"), "changed": gettext_lazy("changed"),
    "unchanged": gettext_lazy("unchanged"), "refused": gettext_lazy("refused"),
}  # fmt: skip
STATES = {
    "new": gettext_lazy("not checked"), "checked": gettext_lazy("to decide"),
    "running": gettext_lazy("under way"), "interrupted": gettext_lazy("cut off"),
    "applied": gettext_lazy("applied"), "undone": gettext_lazy("taken back"),
    "discarded": gettext_lazy("discarded"),
}  # fmt: skip


class HandInForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Ledger"),
        help_text=gettext_lazy("A workbook (.xlsx, .xls, .ods) or .csv, up to 50 MB. First it is "
                               "only checked: nothing is written."),
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(jobs.ENDINGS)}),
    )  # fmt: skip
    park = forms.ModelChoiceField(
        Park.objects.none(), label=gettext_lazy("Park"), required=False,
        empty_label=gettext_lazy("as the rows say"),
    )  # fmt: skip

    def __init__(self, *args, parks, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["park"].queryset = parks
        if len(parks) == 1:
            self.fields["park"].initial = parks[0]


def ledgers_of(user):
    return Upload.objects.visible_to(user).filter(kind=Upload.Kind.LEDGER)


def parks_of(user):
    return Park.objects.visible_to(user).defer("boundary")


class LedgerList(PermissionRequiredMixin, ListView):
    """Uploads, the form to hand one in, template and export."""

    permission_required = "tenants.export_ledger"
    template_name = "tenants/ledger_list.html"
    paginate_by = 50

    def get_queryset(self):
        uploads = ledgers_of(self.request.user).select_related("park", "by")
        return uploads.defer("report", "park__boundary")

    def get_context_data(self, *, form=None, **kwargs):
        context = super().get_context_data(**kwargs)
        for upload in context["page_obj"]:
            upload.state_label = STATES[work.state(upload)]
        user = self.request.user
        if form is None and user.has_perm("tenants.import_ledger"):
            form = HandInForm(parks=parks_of(user))
        return context | {"form": form, "parks": parks_of(user)}

    def post(self, request):
        if not request.user.has_perm("tenants.import_ledger"):
            return self.handle_no_permission()
        form = HandInForm(request.POST, request.FILES, parks=parks_of(request.user))
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                upload = jobs.hand_in(
                    file, name=file.name, park=form.cleaned_data["park"], by=request.user,
                    on=timezone.localdate(), at=timezone.now(), background=True,
                )  # fmt: skip
            except ValidationError as refusal:
                add_refusal(form, refusal)
            else:
                return HttpResponseRedirect(reverse("tenants:ledger-detail", args=[upload.pk]))
        self.object_list = self.get_queryset()
        return self.render_to_response(self.get_context_data(form=form), status=422)


class LedgerMixin(PermissionRequiredMixin):
    permission_required = "tenants.import_ledger"

    @cached_property
    def upload(self):
        return get_object_or_404(ledgers_of(self.request.user), pk=self.kwargs["pk"])


class LedgerDetail(LedgerMixin, TemplateView):
    template_name = "tenants/ledger_detail.html"

    def get_context_data(self, **kwargs):
        upload, report = self.upload, self.upload.report
        rows = report.get("rows", [])
        counts = report.get("counts", {})
        chosen = self.request.GET.get("show", "")
        if chosen not in OUTCOMES:
            chosen = next((name for name in ("refused", "changed", "created") if counts.get(name)),
                          "unchanged")  # fmt: skip
        page = Paginator([row for row in rows if row[4] == chosen], ROWS).get_page(
            self.request.GET.get("page")
        )
        tabs = [(name, OUTCOME_LABELS[name], counts.get(name, 0)) for name in OUTCOMES]
        state = work.state(upload)
        return super().get_context_data(
            **kwargs, upload=upload, state=state, state_label=STATES[state], tabs=tabs,
            chosen=chosen, counts=counts, page_obj=page, rows=[_shown(row) for row in page],
            problems=[_problem(problem) for problem in report.get("problems", [])],
            can_apply=state == "checked" and not report.get("refused"),
            to_write=counts.get("created", 0) + counts.get("changed", 0),
        )  # fmt: skip


def _shown(row):
    code, sheet, number, name, _outcome, changes, problems = row
    spec = SHEETS[code].by_field
    return {
        "sheet": sheet, "row": number, "name": name,
        "changes": [
            (spec[field].title if field in spec else field, before, after)
            for field, (before, after) in changes.items()
        ],
        "problems": [_problem(problem) for problem in problems],
    }  # fmt: skip


def _problem(values):
    names = ("sheet", "row", "column", "value", "code", "message", "suggestion", "blocking")
    return dict(zip(names, values, strict=True))


class LedgerProgress(LedgerMixin, TemplateView):
    """A fragment that asks again while the work goes on, and then reloads the page."""

    template_name = "tenants/_ledger_progress.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **kwargs, upload=self.upload, state=work.state(self.upload)
        )  # fmt: skip

    def render_to_response(self, context, **kwargs):
        answer = super().render_to_response(context, **kwargs)
        if context["state"] != "running":
            answer["HX-Refresh"] = "true"
        return answer


class LedgerAct(LedgerMixin, View):
    """``POST``: check, apply, undo or discard; a refusal is said on the page of the ledger."""

    http_method_names = ["post"]

    def post(self, request, pk, act):
        upload, user = self.upload, request.user
        try:
            if act == "check":
                jobs.start_check(upload, by=user)
            elif act == "apply":
                jobs.start_apply(upload, by=user)
            elif act == "undo":
                jobs.start_undo(upload, by=user, reason=request.POST.get("reason", "")[:200])
            elif act == "discard":
                jobs.discard(upload, at=timezone.now())
                messages.success(request, _("The file is discarded."))
                return HttpResponseRedirect(reverse("tenants:ledger-list"))
            else:
                raise Http404
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        return HttpResponseRedirect(reverse("tenants:ledger-detail", args=[pk]))


def workbook(fill, name):
    out = io.BytesIO()
    fill(out)
    out.seek(0)
    return FileResponse(out, as_attachment=True, filename=name, content_type=XLSX)


class LedgerMarked(LedgerMixin, View):
    def get(self, request, pk):
        if self.upload.discarded_at:
            raise Http404
        name = self.upload.name.rpartition(".")[0] or self.upload.name
        return workbook(
            lambda out: jobs.marked(self.upload, out, language=get_language()),
            f"{name}-{_('marked')}.xlsx",
        )


class LedgerTemplate(PermissionRequiredMixin, View):
    permission_required = "tenants.export_ledger"

    def get(self, request):
        return workbook(
            lambda out: template(out, language=get_language()), f"{_('ledger template')}.xlsx"
        )


class LedgerExport(PermissionRequiredMixin, View):
    """The ledger of one's parks, or of ``?park=``, as of the day."""

    permission_required = "tenants.export_ledger"

    def get(self, request):
        parks, code = parks_of(request.user), request.GET.get("park", "")
        if code:
            if "\x00" in code:
                raise Http404
            parks = [get_object_or_404(parks, code=code)]
        on = day_of(request)
        rows = exported(parks, on=on, by=request.user)
        name = f"{code or _('ledger')}-{on}.xlsx"
        return workbook(lambda out: write(out, rows, on=on, language=get_language()), name)
