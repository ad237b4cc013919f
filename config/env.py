"""Settings from the environment, loud on nonsense."""

import re
import secrets
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"
env = environ.Env()

#: Waiting this long for another writer is better than failing.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 30,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
        " PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY;"
    ),
}


def flag(name: str, *, default: bool) -> bool:
    """A yes or no. Raises ``ImproperlyConfigured`` on anything else."""
    value = env.str(name, default="").strip().lower()
    if value == "":
        return default
    if value in ("1", "true", "yes", "on"):
        return True
    if value in ("0", "false", "no", "off"):
        return False
    raise ImproperlyConfigured(f"{name}={value!r}: write 1 or 0.")


def one_of(name: str, *values: str) -> str:
    """One of ``values``, the first by default."""
    value = env.str(name, default="").strip() or values[0]
    if value not in values:
        raise ImproperlyConfigured(f"{name}={value!r}: write one of {', '.join(values)}.")
    return value


def hosts(*default: str) -> list[str]:
    """``ALLOWED_HOSTS``: names divided by commas. Without ``default`` they must be given."""
    names = [name.strip() for name in env.str("ALLOWED_HOSTS", default="").split(",")]
    names = [name for name in names if name] or list(default)
    if not names:
        raise ImproperlyConfigured("ALLOWED_HOSTS is missing: write parks.example.org.")
    for name in names:
        if not re.fullmatch(r"\*|\.?[\w.-]+|\[[0-9a-fA-F:.]+\]", name):
            raise ImproperlyConfigured(
                f"ALLOWED_HOSTS={name!r}: write names without scheme, port or path."
            )
    return names


def tiles(name: str) -> str:
    """Address of map tiles, or nothing; relative ones are served from here."""
    url = env.str(name, default="").strip()
    if url and not url.startswith(("https://", "http://", "/")):
        raise ImproperlyConfigured(f"{name}={url!r}: write https://…/{{z}}/{{x}}/{{y}}.")
    return url


def email() -> dict:
    """Django's ``EMAIL_*`` settings from ``EMAIL_URL``; without it mail goes to the console."""
    try:
        return env.email_url("EMAIL_URL", default="consolemail://")
    except ImproperlyConfigured:
        raise ImproperlyConfigured(
            "EMAIL_URL must start with smtp://, smtp+tls://, smtp+ssl:// or consolemail://."
        ) from None


def database() -> dict:
    """``DATABASE_URL``, else SQLite in ``var/``; SQLite always writes ahead and waits its turn."""
    url = env.str("DATABASE_URL", default="") or f"sqlite:///{VAR_DIR / 'db.sqlite3'}"
    if not url.startswith(("sqlite:///", "postgres://", "postgresql://")):
        raise ImproperlyConfigured(
            "DATABASE_URL must start with sqlite:/// or postgresql://; other databases cannot hold"
            " the walls this system relies on."
        )
    settings = env.db_url_config(url)
    if settings["ENGINE"].endswith("sqlite3"):
        Path(settings["NAME"]).parent.mkdir(parents=True, exist_ok=True)
        settings["OPTIONS"] = SQLITE_OPTIONS
    else:
        settings.setdefault("OPTIONS", {}).setdefault("connect_timeout", 10)
        settings["CONN_MAX_AGE"] = 60
        settings["CONN_HEALTH_CHECKS"] = True
    return settings


def cache() -> dict:
    """``CACHE_URL``, else a table of the database: nothing lives in one process's memory."""
    url = env.str("CACHE_URL", default="")
    if not url:
        return {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "cache_entries",
            # Culling takes away counters of attempts, so it must not be easy to bring about.
            "OPTIONS": {"MAX_ENTRIES": 50_000},
        }
    if not url.startswith(("redis://", "rediss://")):
        raise ImproperlyConfigured("CACHE_URL must start with redis:// or rediss://.")
    return {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": url}


def secret_key() -> str:
    """``SECRET_KEY``, else one made once and kept in ``var/`` for this machine."""
    if key := env.str("SECRET_KEY", default=""):
        return key
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    kept = VAR_DIR / "secret_key"
    try:
        with kept.open("x") as file:
            kept.chmod(0o600)
            file.write(secrets.token_urlsafe(64))
    except FileExistsError:
        pass
    return kept.read_text().strip()
