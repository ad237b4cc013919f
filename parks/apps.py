from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _

from parks.constraints import missing_walls


class ParksConfig(AppConfig):
    name = "parks"
    verbose_name = _("Parks and space")

    def ready(self):
        checks.register(walls_check, checks.Tags.database)


def walls_check(app_configs, databases=None, **kwargs):
    """A warning, not an error: ``migrate``, which builds the walls, runs the checks first."""
    return [
        checks.Warning(
            f"Database {alias!r} lacks the wall {name}.", hint="Run migrate.", id="parks.W001"
        )
        for alias in databases or []
        for name in missing_walls(alias)
    ]
