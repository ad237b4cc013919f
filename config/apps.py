from django.apps import AppConfig
from django.conf import settings
from django.core import checks


class SiteConfig(AppConfig):
    name = "config"

    def ready(self):
        checks.register(demo_check, checks.Tags.security, deploy=True)


def demo_check(app_configs, **kwargs):
    if settings.DEMO:
        return [
            checks.Error("DEMO is on: anybody can log in with the demonstration accounts.",
                         hint="Set DEMO=0.", id="config.E001")
        ]  # fmt: skip
    return []
