from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TenantsConfig(AppConfig):
    name = "tenants"
    verbose_name = _("Tenants and leases")

    def ready(self):
        # Importing registers what stands in the way of ending or closing a unit, what rides on one,
        # the warnings, what is told, done each day and shown on a tenant's page.
        from tenants import (  # noqa: PLC0415
            daily,  # noqa: F401
            followers,  # noqa: F401
            members,  # noqa: F401
            obstacles,  # noqa: F401
            own_notices,  # noqa: F401
            warnings,  # noqa: F401
        )
