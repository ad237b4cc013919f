"""Settings behind HTTPS: everything that matters must be given."""

from config.env import env, flag, hosts
from config.settings.base import *  # noqa: F403

SECRET_KEY = env.str("SECRET_KEY")
ALLOWED_HOSTS = hosts()
DEBUG = False
DEMO = flag("DEMO", default=False)
SECURE_SSL_REDIRECT = flag("SECURE_SSL_REDIRECT", default=True)
# A probe inside asks over plain HTTP and must not be sent elsewhere.
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=1)
REST_FRAMEWORK = REST_FRAMEWORK | {"NUM_PROXIES": TRUSTED_PROXIES}  # noqa: F405
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
