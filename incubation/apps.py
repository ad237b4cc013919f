from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IncubationConfig(AppConfig):
    name = "incubation"
    verbose_name = _("Incubation")

    def ready(self):
        # Importing registers what the chain adds to lower apps: what follows a split, what a merge
        # of tenants must know, the guard, the board's tasks, warnings, sections of pages; and the
        # metrics of rules.
        from incubation import (  # noqa: PLC0415
            checking_sections,  # noqa: F401
            checking_tasks,  # noqa: F401
            daily,  # noqa: F401
            figures_due,  # noqa: F401
            followers,  # noqa: F401
            guard,  # noqa: F401
            holds,  # noqa: F401
            merging,  # noqa: F401
            metrics,  # noqa: F401
            personal,  # noqa: F401
            placing_sections,  # noqa: F401
            placing_tasks,  # noqa: F401
            review_notices,  # noqa: F401
            reviewing_sections,  # noqa: F401
            reviewing_tasks,  # noqa: F401
            sections,  # noqa: F401
            tasks,  # noqa: F401
            trail,  # noqa: F401
            warnings,  # noqa: F401
            ways,  # noqa: F401
            writing_sections,  # noqa: F401
        )
