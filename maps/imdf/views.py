"""The page of ``import_imdf``: a dry run shows the report, applying writes it."""

import tempfile
from pathlib import Path

from django import forms
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView

from maps.imdf.importer import import_archive
from maps.imdf.reader import MOST_BYTES, read
from parks.models import Park


class ImdfForm(forms.Form):
    park = forms.ModelChoiceField(label=_("Park"), queryset=None, to_field_name="code")
    file = forms.FileField(
        label=_("IMDF archive (zip)"), widget=forms.FileInput(attrs={"accept": ".zip"})
    )
    exists_from = forms.DateField(
        label=_("Units exist from"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["park"].queryset = Park.objects.visible_to(user).defer("boundary")

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 200 MB."))
        return file


class ImportImdf(PermissionRequiredMixin, FormView):
    permission_required = "maps.import_geo"
    template_name = "maps/imdf.html"
    form_class = ImdfForm

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"user": self.request.user}

    def get_initial(self):
        return {"exists_from": timezone.localdate()}

    def form_valid(self, form):
        values = form.cleaned_data
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "upload.zip"
            with path.open("wb") as out:
                for chunk in values["file"].chunks():
                    out.write(chunk)
            report = import_archive(
                read(path),
                park=values["park"],
                on=values["exists_from"],
                by=self.request.user,
                dry_run="apply" not in self.request.POST,
            )
        return self.render_to_response(
            self.get_context_data(form=form, report=report, lines=list(report.lines()))
        )
