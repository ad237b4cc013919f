"""Settings for ``make run``; development, tests and production change what they must."""

from datetime import date

import xstatic.pkg.leaflet
from django.utils.translation import gettext_lazy as _

from config.env import BASE_DIR as BASE_DIR
from config.env import (
    VAR_DIR,
    cache,
    database,
    email,
    env,
    flag,
    hosts,
    one_of,
    secret_key,
    tiles,
)

SECRET_KEY = secret_key()
DEBUG = flag("DEBUG", default=False)
DEMO = flag("DEMO", default=True)
ALLOWED_HOSTS = hosts("localhost", "127.0.0.1", "[::1]")

INSTALLED_APPS = [
    "config.apps.SiteConfig",
    "maps",
    "api",
    "incubation",
    "tenants",
    "parks",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_filters",
    "django_htmx",
    "rest_framework",
    "rest_framework.authtoken",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "axes",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.middleware.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.middleware.door_middleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": database()}
CACHES = {"default": cache()}

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context_processors.frame",
            ],
        },
    }
]

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "config.roles.RoleBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": name}
    for name in (
        "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "config.passwords.LongEnough",
        "django.contrib.auth.password_validation.CommonPasswordValidator",
        "django.contrib.auth.password_validation.NumericPasswordValidator",
    )
]
#: Seconds for which a link in a mail, to confirm an address or to set a password, works.
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60
#: How many proxies of our own stand in front, each adding to ``X-Forwarded-For``.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"

SESSION_ENGINE = "config.sessions"
SESSION_COOKIE_AGE = 8 * 60 * 60
#: Seconds after which the next request moves the end of its session on.
SESSION_RENEW_AFTER = 10 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_CALLABLE = "config.roles.name_tried"
AXES_CLIENT_IP_CALLABLE = "parks.throttle.client_address"
AXES_LOCKOUT_TEMPLATE = "registration/locked_out.html"
AXES_HTTP_RESPONSE_CODE = 429

#: The address people reach this site at, for links in mail.
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [("vendor/leaflet", xstatic.pkg.leaflet.BASE_DIR)]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# A vendor's file may name a source map it does not ship.
WHITENOISE_MANIFEST_STRICT = False
#: Largest document of a lease or a tenant.
DOCUMENT_BYTES = 20 * 2**20
MEDIA_ROOT = env.str("MEDIA_ROOT", default=str(VAR_DIR / "media"))

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
# Maps are documents of this site in a frame of this site; others may not frame us (CSP says the
# same in frame-ancestors).
X_FRAME_OPTIONS = "SAMEORIGIN"
SILENCED_SYSTEM_CHECKS = ["security.W019"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "frame-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'self'"],
        "manifest-src": ["'self'"],
    }
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "rest_framework.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PARSER_CLASSES": ["api.parsers.BoundedJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["api.renderers.ProblemJSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "api.errors.exception_handler",
    "NUM_PROXIES": TRUSTED_PROXIES,
    "COERCE_DECIMAL_TO_STRING": True,
    "STRICT_JSON": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Wangcheng parks",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "ENUM_NAME_OVERRIDES": {
        "UnitStateEnum": "parks.states.UnitState",
        "LeaseStateEnum": "tenants.models.Lease.State",
        "UnitKindEnum": "parks.models.space.UnitKind",
        "RentUnitEnum": "tenants.models.RentUnit",
        "LeaseKindEnum": "tenants.models.Lease.Kind",
        "TenantKindEnum": "tenants.models.Tenant.Kind",
        "GeometrySourceEnum": "parks.models.GeometrySource",
        "SpacePurposeEnum": "incubation.models.CarrierSpace.Purpose",
        "ApplicationStateEnum": "incubation.workflow.State",
        "GraduationDecisionEnum": "incubation.models.GraduationReview.Decision",
        "ApplicationDocumentKindEnum": "incubation.models.ApplicationDocument.Kind",
        "InterestKindEnum": "incubation.models.InterestKind",
    },
}
#: A body larger than this is refused with 413 before it is read.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

#: Nobody's act waits longer than this for a mail server.
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", default="noreply@localhost")
vars().update(email())

#: The days that can be looked at: from the first record to two years ahead of today.
FIRST_DAY = date(2019, 1, 1)

BASEMAP_URL = tiles("BASEMAP_URL")
BASEMAP_LABELS_URL = tiles("BASEMAP_LABELS_URL")
BASEMAP_KEY = env.str("BASEMAP_KEY", default="")
BASEMAP_DATUM = one_of("BASEMAP_DATUM", "WGS84", "GCJ-02", "BD-09")
MAP_APPROVAL_NUMBER = env.str("MAP_APPROVAL_NUMBER", default="")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
