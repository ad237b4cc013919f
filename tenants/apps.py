from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TenantsConfig(AppConfig):
    name = "tenants"
    verbose_name = _("Tenants and leases")

    def ready(self):
        # Importing registers what stands in the way of ending or closing a unit, what rides on one,
        # and the warnings.
        from tenants import followers, obstacles, own_notices, warnings  # noqa: F401, PLC0415
