"""The guided form of a lease: its tenant and units found by typing, what follows shown live."""

from decimal import Decimal

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from parks.errors import SomeoneWasFaster
from parks.files import FileRefused
from parks.models import Park, Upload
from parks.periods import Period
from tenants import lease_forms, rent
from tenants import services as letting
from tenants.choices import found_tenants, found_units
from tenants.models import Document, Lease, LeaseLine, RentUnit
from tenants.services import LineTerms
from tenants.services.availability import refuse_unless_free
from tenants.views.base import add_refusal, last_day_to_end

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


class DiscardPaper(PermissionRequiredMixin, View):
    """Take back a file that waits for a form; the form drops its row."""

    permission_required = "tenants.draft_lease"

    def post(self, request, pk):
        mine = Upload.objects.filter(kind=Upload.Kind.PAPER, by=request.user.pk)
        paper = get_object_or_404(mine, pk=pk, applied_at=None, discarded_at=None)
        letting.discard_paper(paper=paper, at=timezone.now())
        return HttpResponse("") if request.htmx else redirect("tenants:lease-new")


def line_terms(lines, start, end, helpers, own_days=None) -> list[LineTerms]:
    """The rows of the form as terms, with the general rise where a row has no steps."""
    terms = []
    for row in (getattr(form, "cleaned_data", None) for form in lines):
        if not row or not row.get("unit") or row.get("DELETE") or row.get("rent") is None:
            continue
        steps = row.get("steps") or ()
        if not steps and helpers.get("step_months") and start and end:
            steps = rent.escalated(
                row["rent"], start, end, every=helpers["step_months"],
                percent=helpers.get("step_percent") or 0,
            )  # fmt: skip
        terms.append(LineTerms(
            unit=row["unit"], rent=row["rent"], rent_unit=row["rent_unit"],
            area_m2=row.get("area_m2"), steps=tuple(steps),
            **(own_days or {}).get(row["unit"].pk, {}),
        ))  # fmt: skip
    return terms


def area_of(line) -> Decimal:
    if line.area_m2 is not None:
        return line.area_m2
    return line.unit.billable_area_m2 or line.unit.gross_area_m2


def first_month(terms) -> Decimal:
    """A full month at the first rents."""
    return sum((rent.monthly(one.rent, one.rent_unit, area_of(one)) for one in terms), Decimal(0))


def _own_days(lease) -> dict:
    """Days of the lines that differ from the lease's: the form does not ask for them."""
    return {
        line.unit_id: {
            "start": line.start if line.start != lease.start else None,
            "end": line.end if line.end != lease.end else None,
        }
        for line in lease.lines.all()
    }


def _saved(lease, user):
    """The form and the rows as the lease stands in the database."""
    form = lease_forms.LeaseForm(user=user, lease=lease)
    return form, lease_forms.lease_lines(lease)


def _text(value) -> str:
    return "" if value is None else str(value)


def taken(data, lease, user):
    """The post with the fields replaced by theirs for which the person said so."""
    data = data.copy()
    wanted = [name.removeprefix("take-") for name, value in data.items()
              if name.startswith("take-") and value == "theirs"]  # fmt: skip
    if not wanted:
        return data
    form, rows = _saved(lease, user)
    for name in wanted:
        if name in form.initial:
            data[name] = _text(form.initial[name])
    if "lines" in wanted:
        for name in [one for one in data if one.startswith("lines-")]:
            del data[name]
        data["lines-TOTAL_FORMS"], data["lines-INITIAL_FORMS"] = len(rows), 0
        for index, row in enumerate(rows):
            for name, value in row.items():
                data[f"lines-{index}-{name}"] = _text(value)
    return data


def differences(data, lease, user) -> list[dict]:
    """Fields in which the post differs from what is saved: ``name``, ``label``, both values."""
    form, rows = _saved(lease, user)
    found = []
    for name, theirs in form.initial.items():
        field = form.fields[name]
        if name == "version":
            continue
        mine = data.get(name, "")
        try:
            told = field.widget.value_from_datadict(data, {}, name)
            same = field.clean(told) == field.clean(_text(theirs))
        except ValidationError:
            same = mine == _text(theirs)
        if name == "rent_free":
            same = mine.split() == theirs.split()
        if not same:
            if name == "tenant":
                key = lease_forms.as_key(mine)
                chosen = field.queryset.filter(pk=key).first() if key else None
                mine = chosen or data.get("tenant-words") or data.get("new_name", "")
                theirs = lease.tenant
            found.append({"name": name, "label": field.label, "mine": mine, "theirs": theirs})
    lines = lease_forms.lines_formset(data, user=user)
    lines.is_valid()
    typed = [
        _row_words(row) for row in (getattr(one, "cleaned_data", {}) for one in lines)
        if row.get("unit") and not row.get("DELETE")
    ]  # fmt: skip
    kept = [
        _row_words({"unit": line.unit, "area_m2": line.area_m2, "rent": line.rent,
                    "rent_unit": line.rent_unit,
                    "steps": [(one.start, one.rent) for one in line.steps.all()]})
        for line in lease.lines.select_related("unit").prefetch_related("steps")
    ]  # fmt: skip
    if sorted(typed) != sorted(kept):
        found.append({"name": "lines", "label": _("Units"),
                      "mine": "; ".join(typed), "theirs": "; ".join(kept)})  # fmt: skip
    return found


def _row_words(row) -> str:
    """All a row says, in words that are the same for the same row."""
    unit = row["unit"]
    area = row.get("area_m2")
    if area is None:
        area = unit.billable_area_m2 or unit.gross_area_m2
    words = [unit.number, f"{area:.2f} ㎡"]
    if row.get("rent") is not None:
        words.append(f"{row['rent']:.2f} {RentUnit(row['rent_unit']).label}")
    words += [f"{day} {value:.2f}" for day, value in row.get("steps") or ()]
    return " · ".join(words)


class _Search(PermissionRequiredMixin, View):
    """Suggestions for what was typed: ``found`` pairs of key and words, or why there are ``none``."""

    permission_required = "tenants.draft_lease"
    find = None

    def get(self, request):
        found = type(self).find(request.user, request.GET.get("typed", "")[:200])
        none = _("Nothing found; type something else.")
        return JsonResponse(
            {"found": found, "none": none}, json_dumps_params={"ensure_ascii": False}
        )


class TenantSearch(_Search):
    find = found_tenants


class UnitSearch(_Search):
    find = found_units


class LeaseConflicts(PermissionRequiredMixin, View):
    """The live check of the form: what already binds the chosen units on the chosen days."""

    permission_required = "tenants.draft_lease"

    def post(self, request):
        form = lease_forms.LeaseForm(request.POST, user=request.user, lease=None)
        lines = lease_forms.lines_formset(request.POST, user=request.user)
        lines.is_valid()
        form.is_valid()
        start, last = form.cleaned_data.get("start"), form.cleaned_data.get("last_day")
        chosen = [
            f.cleaned_data["unit"] for f in lines if getattr(f, "cleaned_data", {}).get("unit")
        ]
        clashes, refusal, amended = [], None, self.gives_way()
        if start and last and chosen and start <= last:
            clashes = (
                LeaseLine.objects.visible_to(request.user)
                .binding()
                .filter(unit__in=chosen, start__lte=last, end__gt=start)
                .select_related("lease__tenant", "unit")
                .exclude(lease__in=amended)
            )
            if not clashes and not amended:
                refusal = self.refusal(chosen, Period(start, last_day_to_end(last)), form)
        context = {"clashes": clashes, "refusal": refusal, "count": len(chosen)}
        context |= self.follows(form, lines, start, last_day_to_end(last))
        return render(request, "tenants/_lease_conflicts.html", context)

    def follows(self, form, lines, start, end) -> dict:
        """``area``, the first month's rent and the rent of the whole term, as far as typed."""
        values = form.cleaned_data
        terms = line_terms(lines, start, end, values)
        found = {"area": sum((area_of(one) for one in terms), Decimal(0))}
        if terms and start and end and start < end and (end - start).days < 20 * 366 + 2:
            free = values.get("rent_free") or []
            begins = max(start, values.get("start_by") or start)
            due = [
                charge
                for one in terms
                for charge in rent.charges(rent.Terms(
                    name="", start=begins, end=end, area_m2=area_of(one), rent=one.rent,
                    rent_unit=one.rent_unit, steps=one.steps,
                ), free)
                if begins < end
            ]  # fmt: skip
            found |= {"first_month": first_month(terms),
                      "whole": sum((one.rent for one in due), Decimal(0))}  # fmt: skip
            if values.get("deposit_months"):
                found["deposit"] = rent.cents(values["deposit_months"] * found["first_month"])
        return found

    def gives_way(self) -> list:
        """The lease that an amendment under change (``?lease=``) ends on its first day."""
        key = self.request.GET.get("lease", "")
        if not key.isdecimal() or len(key) > 18:
            return []
        drafts = Lease.objects.visible_to(self.request.user).filter(kind=Lease.Kind.AMENDMENT)
        return list(drafts.filter(pk=key).values_list("previous", flat=True))

    def refusal(self, units, period, form):
        """What signing would say about closures, holds and days without the unit; None if fine."""
        wanted = [(unit, period) for unit in units]
        tenant = form.cleaned_data.get("tenant")
        try:
            refuse_unless_free(wanted, by=self.request.user, tenant=tenant)
        except ValidationError as refusal:
            return refusal.messages[0]
        return None
