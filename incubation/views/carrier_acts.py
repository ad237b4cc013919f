"""Acts on carriers: each a form that calls one service."""

from django.core.validators import MaxValueValidator
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from incubation import carrier_forms as shapes
from incubation import services
from incubation.guard import watch_carriers
from incubation.models import (
    Carrier,
    CarrierChange,
    CarrierGrade,
    CarrierRecognition,
    CarrierYear,
)
from incubation.selectors.carriers import uses_of
from parks.consequences import compare
from tenants.views.base import ActView, last_day_to_end


class CarrierNew(ActView):
    permission_required = "incubation.change_carrier"
    title = gettext_lazy("New carrier")
    done = gettext_lazy("The carrier is saved. Now give it space.")
    form_class = shapes.NewCarrierForm

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"user": self.request.user}

    def back(self):
        return reverse("incubation:carrier-list")

    def act(self, **values):
        made = services.create_carrier(by=self.request.user, **values)
        return reverse("incubation:carrier-detail", args=[made.pk])


class CarrierAct(ActView):
    """An act on a carrier the user may see; its page comes next."""

    permission_required = "incubation.change_carrier"
    done = gettext_lazy("Saved.")
    #: The name of the service; it gets the carrier, the form's values and who asks.
    service = None

    @cached_property
    def carrier(self):
        carriers = Carrier.objects.visible_to(self.request.user).select_related("park")
        return get_object_or_404(carriers.defer("park__boundary"), pk=self.kwargs["pk"])

    def back(self):
        return reverse("incubation:carrier-detail", args=[self.carrier.pk])

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs, subject=self.carrier.name)

    def foreseen(self, on, values) -> list[str]:
        """What the act would cost the carrier on ``on`` (``parks.consequences``)."""
        watch = watch_carriers([self.carrier.pk], on)
        return compare(lambda: self.act(**values), [watch] if watch else [])

    def act(self, **values):
        type(self).service(carrier=self.carrier, by=self.request.user, **ended(values))
        return self.back()


def ended(values):
    """People type the last day; the services take the first day after it."""
    if "last_day" in values:
        values = values | {"end": last_day_to_end(values["last_day"])}
        del values["last_day"]
    return values


class RowAct(CarrierAct):
    """An act on a row of a carrier; ``named`` is what its service calls it."""

    model = None
    named = ""

    @cached_property
    def row(self):
        rows = self.model.objects.visible_to(self.request.user).select_related("carrier__park")
        return get_object_or_404(rows.defer("carrier__park__boundary"), pk=self.kwargs["pk"])

    @property
    def carrier(self):
        return self.row.carrier

    def get_form_kwargs(self):
        kwargs = super().get_form_kwargs()
        bound = issubclass(self.get_form_class(), shapes.FactForm)
        return kwargs | ({"instance": self.row} if bound else {})

    def act(self, **values):
        service, row = type(self).service, {self.named: self.row}
        service(**row, by=self.request.user, **ended(values))
        return self.back()


class CarrierEdit(CarrierAct):
    title = gettext_lazy("Correct a carrier")
    form_class = shapes.CarrierForm
    service = services.correct_carrier

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"instance": self.carrier}


class CarrierChangeNew(CarrierAct):
    title = gettext_lazy("New name, operator or place")
    form_class = shapes.ChangeForm

    def consequences(self):
        return [
            _("The name, operator or place before stays readable, with its days."),
            _("While the carrier is recognised, the change is to be reported within 3 months "
              "(国科发区〔2018〕300号); it waits on the board until then."),
        ]  # fmt: skip

    def act(self, **values):
        services.change_carrier(carrier=self.carrier, on=self.today, by=self.request.user, **values)
        return self.back()


class CarrierClose(CarrierAct):
    title = gettext_lazy("Close a carrier")
    done = gettext_lazy("The carrier is closed.")
    form_class = shapes.LastDayForm
    danger = True

    def consequences(self):
        _uses, whole, _spaces = uses_of(self.carrier, self.today)
        residents = self.carrier.residencies.open_on(self.today).count()
        told = ngettext("%(number)s tenant resides in it today; none may be left.",
                        "%(number)s tenants reside in it today; none may be left.",
                        residents)  # fmt: skip
        return [
            _("Its space of today (%(units)s units, %(area)s m²), its recognitions and mentors end "
              "with that day.") % {"units": whole.units, "area": whole.area},
            told % {"number": residents},
        ]  # fmt: skip

    def act(self, *, last_day, reason):
        services.close_carrier(
            carrier=self.carrier, on=last_day_to_end(last_day), by=self.request.user, reason=reason
        )
        return self.back()


class RecognitionNew(CarrierAct):
    permission_required = "incubation.recognise_carrier"
    title = gettext_lazy("Add a recognition")
    form_class = shapes.RecognitionForm
    service = services.record_recognition


class RecognitionEnd(RowAct):
    permission_required = "incubation.recognise_carrier"
    title = gettext_lazy("End a recognition")
    form_class = shapes.LastDayForm
    model = CarrierRecognition

    def consequences(self):
        return [f"{self.row.get_level_display()} · {self.row.document} · {self.row.start}"]

    def act(self, *, last_day, reason):
        services.end_recognition(
            recognition=self.row, on=last_day_to_end(last_day), by=self.request.user, reason=reason
        )
        return self.back()


class OfYear(CarrierAct):
    """Of a year that has begun."""

    def get_form(self, form_class=None):
        form = super().get_form(form_class)
        form.fields["year"].validators.append(MaxValueValidator(
            self.today.year, _("This year has not begun yet. Choose one up to %(limit_value)s."),
        ))  # fmt: skip
        return form


class GradeNew(OfYear):
    permission_required = "incubation.recognise_carrier"
    title = gettext_lazy("Add the grade of a year")
    form_class = shapes.GradeForm
    service = services.record_grade


class GradeEdit(RowAct):
    permission_required = "incubation.recognise_carrier"
    title = gettext_lazy("Correct the grade of a year")
    form_class = shapes.CorrectGradeForm
    model, named = CarrierGrade, "grade"

    def act(self, *, grade, note, reason):
        services.correct_grade(
            grade=self.row, by=self.request.user, reason=reason, values={"grade": grade, "note": note}
        )  # fmt: skip
        return self.back()

    def consequences(self):
        return [f"{self.row.get_level_display()} {self.row.year}"]


class YearNew(OfYear):
    title = gettext_lazy("Add figures of a year")
    template_name = "incubation/carrier_year.html"
    form_class = shapes.YearForm
    service = services.record_carrier_year


class YearEdit(RowAct):
    title = gettext_lazy("Correct figures of a year")
    template_name = "incubation/carrier_year.html"
    form_class = shapes.CorrectYearForm
    model, named = CarrierYear, "year"
    service = services.correct_carrier_year

    def consequences(self):
        return [str(self.row.year)]


class ChangeReport(RowAct):
    title = gettext_lazy("Report of a change")
    done = gettext_lazy("The report is recorded.")
    form_class = shapes.ReportForm
    model, named = CarrierChange, "change"
    service = services.report_change

    def get_initial(self):
        return {"reported_on": self.row.reported_on or self.today, "number": self.row.report_number}

    def consequences(self):
        one = self.row
        return [
            f"{one.get_what_display()} · {one.effective_on}: {one.before or '—'} → {one.after}",
            _("To be reported by %(day)s.") % {"day": one.report_by},
        ]
