"""What the park asks for its units: the list, and setting it for one, for some or for all found."""

import django_filters as filters
from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Sum
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from parks.days import day_of
from parks.keys import as_keys
from parks.models import Unit
from parks.services.space import OUTLINES
from parks.states import UnitState
from parks.templatetags.space import m2, state_chip
from tenants import services as letting
from tenants.filters import UnitFilter
from tenants.forms import date_field, reason_field
from tenants.models import RentUnit
from tenants.selectors import annotate_state
from tenants.selectors.asking import with_asking_rent
from tenants.views.base import ActView, RowsView
from tenants.views.lists import Column

#: So many are set at once, and so many are named.
MOST, NAMED = 2000, 40


class AskingFilter(UnitFilter):
    """Over units with their state and asking rent of the day."""

    asked = filters.BooleanFilter(
        "asked_rent", "isnull", exclude=True, label=gettext_lazy("has an asking rent")
    )

    class Meta(UnitFilter.Meta):
        pass


def units_with_rent(user, on):
    """The units of the user's parks with their state and asking rent of the day."""
    units = with_asking_rent(annotate_state(Unit.objects.visible_to(user), on), on)
    return units.with_number_on(on).with_place().defer(*OUTLINES)


class AskingList(RowsView):
    permission_required = "tenants.set_asking_rent"
    template_name = "tenants/asking_list.html"
    filter_class = AskingFilter
    orders = ("number", "gross_area_m2", "state", "kind", "asked_m2", "asked_month")
    default_order = ("floor__building__park__code", "floor__building__code", "floor__ordinal", "number", "pk")  # fmt: skip
    columns = (
        Column(gettext_lazy("number"), "number_on", order="number",
               link=lambda unit: reverse("tenants:unit-detail", args=[unit.pk])),
        Column(gettext_lazy("park"), "floor__building__park__name"),
        Column(gettext_lazy("building"), "floor__building__name", key=True),
        Column(gettext_lazy("floor"), "floor__name"),
        Column(gettext_lazy("kind"), "get_kind_display", order="kind"),
        Column(gettext_lazy("state"), lambda unit: str(UnitState(unit.state).label), name="state",
               order="state", cell=lambda unit: state_chip(unit.state)),
        Column(gettext_lazy("gross area (m²)"), "gross_area_m2", order="gross_area_m2", num=True),
        Column(gettext_lazy("asking rent"), "asked_rent", num=True, key=True),
        Column(gettext_lazy("rent unit"),
               lambda unit: unit.asked_unit and str(RentUnit(unit.asked_unit).label),
               name="asked_unit"),
        Column(gettext_lazy("yuan/m²·month"), "asked_m2", order="asked_m2", num=True, shown=False),
        Column(gettext_lazy("yuan/month for all of it"), "asked_month", order="asked_month",
               num=True),
    )  # fmt: skip

    def rows(self, on):
        return units_with_rent(self.request.user, on)


class AskingForm(forms.Form):
    rent = forms.DecimalField(
        label=gettext_lazy("Asking rent"), min_value=0, max_digits=12, decimal_places=2,
        required=False, help_text=gettext_lazy("Empty: the rent is told on request."),
    )  # fmt: skip
    rent_unit = forms.ChoiceField(label=gettext_lazy("Rent unit"), choices=RentUnit)
    start = date_field(gettext_lazy("From"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"] = reason_field()


class AskingSet(ActView):
    """``?unit=1&unit=2``, or ``?all=1`` with the filter of the list for all that it finds."""

    permission_required = "tenants.set_asking_rent"
    title = gettext_lazy("Set the asking rent")
    done = gettext_lazy("The asking rent is set.")
    form_class = AskingForm

    @cached_property
    def units(self):
        query, on = self.request.GET, day_of(self.request)
        rows = units_with_rent(self.request.user, on)
        if keys := query.getlist("unit"):
            rows = rows.filter(pk__in=as_keys(keys))
        else:
            wishes = AskingFilter(query, queryset=rows, request=self.request)
            rows = wishes.qs if wishes.is_valid() else rows.none()
        return rows.order_by(*AskingList.default_order)

    @cached_property
    def sums(self):
        return self.units.order_by().aggregate(n=Count("pk"), area=Sum("gross_area_m2"))

    def dispatch(self, request, *args, **kwargs):
        if request.user.has_perm(self.permission_required):
            if not {"unit", "all"} & set(request.GET):
                messages.error(request, _("Mark units in the list first."))
                return redirect("tenants:asking-list")
            if not self.sums["n"]:
                raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self):
        first = self.units.filter(asked_rent__isnull=False).first()
        asked = {"rent": first.asked_rent, "rent_unit": first.asked_unit} if first else {}
        return asked | {"start": day_of(self.request)}

    def get_context_data(self, **kwargs):
        words = ngettext("%(n)s unit", "%(n)s units", self.sums["n"]) % {"n": self.sums["n"]}
        return super().get_context_data(**kwargs, subject=f"{words} · {m2(self.sums['area'])} ㎡")

    def consequences(self):
        units = list(self.units[: NAMED + 1])
        named = ", ".join(f"{unit.floor.building.name} {unit.number_on}" for unit in units[:NAMED])
        more = self.sums["n"] - NAMED
        rest = ngettext(" and %(n)s more", " and %(n)s more", more) % {"n": more}
        return [
            named + (rest if more > 0 else ""),
            _("Everybody reads the asking rent with the vacant space; leases keep their rents."),
        ]

    def costs(self, **values):
        """Many at once are confirmed, and confirmed again when others are found by then."""
        if self.sums["n"] == 1:
            return []
        told = self.get_context_data()["subject"]
        return [_("The asking rent of all of these changes: %(units)s.") % {"units": told}]

    def act(self, *, rent, rent_unit, start, reason):
        if self.sums["n"] > MOST:
            raise ValidationError(
                _("At most %(most)s units at once. Narrow the list, by park or by kind.")
                % {"most": MOST}
            )
        letting.set_asking_rents(
            units=self.units, rent=rent, rent_unit=rent_unit, start=start, by=self.request.user,
            reason=reason,
        )  # fmt: skip
        return self.back()

    def back(self):
        keys = as_keys(self.request.GET.getlist("unit"))
        if len(keys) == 1:
            return reverse("tenants:unit-detail", args=keys)
        query = self.request.GET.copy()
        for name in ("unit", "all"):
            query.pop(name, None)
        return f"{reverse('tenants:asking-list')}?{query.urlencode()}"
