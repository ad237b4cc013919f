"""Settings for ``make dev``: errors are shown, files are served as they lie."""

from config.settings.base import *  # noqa: F403

DEBUG = True
STORAGES = STORAGES | {  # noqa: F405
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
