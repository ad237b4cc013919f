"""Space for an application: offered, answered, converted into agreement and lease, moved into."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incubation import placing_forms as shapes
from incubation import services as incubation
from incubation.fitting import term_of
from incubation.selectors.intake import intake_of
from incubation.selectors.placing import match, rents_asked, together_for
from incubation.selectors.waiting import queue_of
from incubation.services import Entry
from incubation.services.converting import offered_units
from incubation.services.offers import standing_offer
from incubation.views.application_acts import ApplicationAct
from incubation.views.residency_acts import UNWRITTEN, answer_preview
from tenants.views.base import last_day_to_end


class PlacingAct(ApplicationAct):
    """An act on the space of an application."""

    @cached_property
    def offer(self):
        """The offer the application goes by, or None."""
        try:
            return standing_offer(self.application)
        except ValidationError:
            return None

    @cached_property
    def units(self):
        return offered_units(self.offer) if self.offer else []

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs, offer=self.offer, units=self.units)


class OfferUnits(PlacingAct):
    """The carrier's units with what speaks against each, and who stands in the queue."""

    template_name = "incubation/offer_units.html"
    title = gettext_lazy("Offer space")
    button = gettext_lazy("Hold and offer")
    done = gettext_lazy("The units are held and the applicant is asked.")
    form_class = shapes.OfferForm
    service = incubation.offer_units

    @cached_property
    def matched(self):
        return match(self.application, self.today)

    @property
    def choices(self):
        return self.matched[0]

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"units": [one.unit for one in self.choices]}

    def get_initial(self):
        days = intake_of(self.application.carrier).offer_days
        return {"last_day": self.today + timedelta(days=days - 1)}

    def consequences(self):
        return [
            _("The units are held for %(tenant)s until the last day to answer and lapse by "
              "themselves after it.") % {"tenant": self.application.tenant},
            _("An offer that is declined or lapses passes on to the next in the queue whom the "
              "units fit."),
        ]  # fmt: skip

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        row, marked = self.application, set(context["form"]["units"].value() or ())
        marked |= set(self.request.GET.getlist("unit"))
        for one in self.choices:
            one.marked = str(one.unit.pk) in marked
        queue = queue_of(row.carrier, row.unit_kind, self.today)
        return context | {
            "marked": any(one.marked and one.reasons for one in self.choices),
            "fitting": [one for one in self.choices if not one.reasons],
            "excluded": [one for one in self.choices if one.reasons],
            "sets": self.matched[1],
            "together": () if self.matched[1] else together_for(row, self.choices, self.today),
            "queue": queue, "term": term_of(row, self.today),
        }  # fmt: skip

    def act(self, *, units, last_day, **values):
        chosen = [one.unit for one in self.choices if str(one.unit.pk) in units]
        return super().act(units=chosen, until=last_day_to_end(last_day), **values)


class AcceptOffer(PlacingAct):
    permission_required = "incubation.apply"
    template_name = "incubation/offer_answer.html"
    title = gettext_lazy("Accept the offer")
    button = gettext_lazy("Accept")
    done = gettext_lazy("Accepted. The carrier prepares the agreement and the lease.")
    form_class = shapes.AcceptForm
    service = incubation.accept_offer

    def consequences(self):
        days = intake_of(self.application.carrier).sign_days
        return [
            _("The units stay held for you for %(days)s days to sign.") % {"days": days},
            _("The carrier prepares the incubation agreement and the lease from your application; "
              "nothing binds you before both are signed."),
        ]  # fmt: skip


class DeclineOffer(AcceptOffer):
    title = gettext_lazy("Decline the offer")
    button = gettext_lazy("Decline")
    done = gettext_lazy("Declined. You are on the waiting list again.")
    form_class = shapes.DeclineForm
    service = incubation.decline_offer
    danger = True

    def consequences(self):
        return [
            _("The units go on to the next on the waiting list."),
            _("You stay approved and join the waiting list at its end; these units are not "
              "offered to you again by themselves."),
        ]  # fmt: skip


class RetractOffer(PlacingAct):
    title = gettext_lazy("Take the offer back")
    done = gettext_lazy("The offer is taken back.")
    form_class = shapes.OpinionForm
    service = incubation.retract_offer
    danger = True

    def consequences(self):
        return [
            _("The units are free again at once; they do not pass on by themselves."),
            _("The applicant stays approved, in its place on the waiting list if it had one, and "
              "reads the reason."),
        ]  # fmt: skip


class ConvertApplication(PlacingAct):
    """Agreement and lease from what is known; ``HX-Request`` posts ask only for the conditions."""

    template_name = "incubation/application_convert.html"
    title = gettext_lazy("Draft agreement and lease")
    button = gettext_lazy("Admit and draft the lease")
    done = gettext_lazy("The agreement and the draft of the lease are made. Sign, then move in.")
    form_class = shapes.ConvertForm
    service = incubation.convert_application

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"units": self.units}

    def get_initial(self):
        start, months = term_of(self.application, self.today)
        rents = rents_asked(self.application, self.units, start)
        found = {
            "start": start,
            "last_day": start + relativedelta(months=months) - timedelta(days=1),
        }
        for unit in self.units:
            found[f"rent_{unit.pk}"], found[f"rent_unit_{unit.pk}"] = rents[unit.pk]
        return found

    def consequences(self):
        days = intake_of(self.application.carrier).sign_days
        return [
            _("The applicant becomes a resident of %(carrier)s from the first day on; the lease is "
              "a draft until it is signed.") % {"carrier": self.application.carrier},
            _("The units stay held for %(days)s days to sign, where nobody else has them.")
            % {"days": days},
        ]  # fmt: skip

    def post(self, request, *args, **kwargs):
        if not request.htmx:
            return super().post(request, *args, **kwargs)
        form = self.get_form()
        form.is_valid()
        values, row = form.cleaned_data, self.application
        if not values.get("start"):
            return answer_preview(request, None)
        entry = Entry(
            row.tenant, row.carrier, values.get("agreement_number") or UNWRITTEN, values["start"],
            special_field=row.special_field, registered_on=values.get("registered_on"),
        )  # fmt: skip
        return answer_preview(request, lambda: incubation.preview_admission(entry, by=request.user))

    def act(self, *, last_day, **values):
        return super().act(end=last_day_to_end(last_day), **values)


class MoveIn(PlacingAct):
    title = gettext_lazy("Record the moving in")
    done = gettext_lazy("The applicant has moved in.")
    form_class = shapes.MoveInForm
    service = incubation.move_in

    @property
    def unsigned(self):
        lease = self.application.lease
        return bool(lease and not lease.signed_on)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"unsigned": self.unsigned}

    def get_initial(self):
        return {"signed_on": self.today}

    def consequences(self):
        lease = self.application.lease
        if lease is None:
            return []
        if self.unsigned:
            told = _("The lease %(number)s is signed with it and binds from %(start)s on.")
        else:
            told = _("The lease %(number)s is signed and runs from %(start)s on.")
        return [
            told % {"number": lease.number, "start": lease.start},
            _("The application is complete; residency and lease go on from here."),
        ]


class AbandonSigning(PlacingAct):
    title = gettext_lazy("Signing failed")
    button = gettext_lazy("Take agreement and draft back")
    done = gettext_lazy("The agreement and the draft of the lease are taken back.")
    form_class = shapes.AbandonForm
    service = incubation.abandon_signing
    danger = True

    def consequences(self):
        return [
            _(
                "The residency and the draft of the lease are taken back; the audit trail keeps them."
            ),
            _("The units are free again at once."),
        ]
