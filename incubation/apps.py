from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IncubationConfig(AppConfig):
    name = "incubation"
    verbose_name = _("Incubation")

    def ready(self):
        # Importing registers what the chain adds to lower apps: what follows a split, what a merge
        # of tenants must know, the guard, sections of pages; and the metrics of rules.
        from incubation import followers, guard, merging, metrics, sections  # noqa: F401, PLC0415
