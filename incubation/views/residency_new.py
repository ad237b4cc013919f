"""Admitting a tenant: due day and conditions of entry are shown while one types."""

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incubation import residency_forms as forms
from incubation import services as incubation
from incubation.services import Entry
from incubation.views.residency_acts import UNWRITTEN, answer_preview
from parks.keys import as_key
from parks.models import Park
from parks.services.rehearsal import rehearsal
from tenants import services as letting
from tenants.views.base import ActView


class AdmitTenant(ActView):
    """``?tenant=``, ``?carrier=``: who and where to start with. ``HX-Request`` posts only ask."""

    permission_required = "incubation.change_residency"
    template_name = "incubation/residency_new.html"
    title = gettext_lazy("Admit a tenant")
    button = gettext_lazy("Admit")
    done = gettext_lazy("The tenant is admitted.")
    form_class = forms.AdmitForm

    def back(self):
        return reverse("incubation:residency-list")

    def get_initial(self):
        keys = {name: as_key(self.request.GET.get(name)) for name in ("tenant", "carrier")}
        return {name: key for name, key in keys.items() if key is not None} | {
            "entered_on": self.today
        }

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"user": self.request.user}

    def consequences(self):
        return [_("A person admits. What a condition says is shown below; what is not met needs "
                  "an exemption with your name, what is unknown does not stand in the way.")]  # fmt: skip

    def post(self, request, *args, **kwargs):
        if not request.htmx:
            return super().post(request, *args, **kwargs)
        form = self.get_form()
        form.is_valid()
        values = form.cleaned_data
        who = values.get("tenant") or values.get("new_name")
        if not (who and values.get("carrier") and values.get("entered_on")):
            return answer_preview(request, None)
        return answer_preview(request, lambda: self.preview(values))

    def preview(self, values):
        """A new tenant is made for the look and taken back with it."""
        with rehearsal():
            tenant = values.get("tenant") or self.new_tenant(values)
            entry = Entry(
                tenant, values["carrier"], values.get("agreement_number") or UNWRITTEN,
                values["entered_on"], special_field=values.get("special_field", ""),
                registered_on=values.get("registered_on"),
            )  # fmt: skip
            return incubation.preview_admission(entry, by=self.request.user)

    def new_tenant(self, values):
        home = values["carrier"].park
        if not Park.objects.visible_to(self.request.user).filter(pk=home.pk).exists():
            home = None
        return letting.create_tenant(
            name=values["new_name"], kind=values.get("new_kind") or "firm",
            uscc=values.get("new_uscc"), founded_on=values.get("new_founded_on"),
            field=values.get("new_field", ""), home_park=home, by=self.request.user,
        )  # fmt: skip

    @transaction.atomic
    def act(self, **values):
        tenant = values.pop("tenant") or self.new_tenant(values)
        for name in [name for name in values if name.startswith("new_")]:
            del values[name]
        residency = incubation.admit_tenant(
            tenant=tenant, by=self.request.user, on=self.today, **values
        )
        return reverse("incubation:residency-detail", args=[residency.pk])
