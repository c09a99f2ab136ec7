"""Settings, all by environment variables; without any, the embedded installation under .designer/."""

import os
import secrets
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parent.parent
HOME = Path(os.environ.get("DESIGNER_HOME", ROOT / ".designer")).resolve()
HOME.mkdir(parents=True, exist_ok=True, mode=0o700)


def _secret_key() -> str:
    """The key of this installation: from the environment, or drawn once and kept for the owner alone."""
    if given := os.environ.get("DESIGNER_SECRET_KEY"):
        return given
    path = HOME / "secret-key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text("utf-8")
    key = secrets.token_urlsafe(50)
    with os.fdopen(descriptor, "w") as file:
        file.write(key)
    return key


POSTGRESQL_KEYS = {"name": "dbname", "user": "user", "password": "password", "host": "host", "port": "port"}


def _database() -> dict[str, object]:
    url = os.environ.get("DATABASE_URL")
    if url is None:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": HOME / "designer.sqlite3",
            # A writer takes its lock at once: a reader that becomes a writer later could only fail.
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            },
        }
    from psycopg.conninfo import conninfo_to_dict

    given = conninfo_to_dict(url)  # knows what PostgreSQL's own tools know, `?sslmode=` and sockets among it
    return {
        "ENGINE": "django.db.backends.postgresql",
        **{key.upper(): given.pop(name, "") for key, name in POSTGRESQL_KEYS.items()},
        "OPTIONS": given,
        "CONN_HEALTH_CHECKS": True,
    }


def _broker_url() -> str:
    """The broker that the environment names, else the one that the running installation has written down."""
    path = HOME / "broker"
    given = os.environ.get("DESIGNER_BROKER_URL")
    return given or (path.read_text("utf-8").strip() if path.exists() else "redis://127.0.0.1:6379/0")


def _private_networks() -> tuple[str, ...]:
    """Networks as `10.0.0.0/8` or single addresses, separated by commas."""
    given = [text.strip() for text in os.environ.get("DESIGNER_PRIVATE_NETWORKS", "").split(",")]
    try:
        return tuple(str(ip_network(network, strict=False)) for network in given if network)
    except ValueError as error:
        raise ImproperlyConfigured(f"DESIGNER_PRIVATE_NETWORKS: {error}; expected as in 10.0.0.0/8") from None


SECRET_KEY = _secret_key()
# Keys that were used before: what they have signed and encrypted can still be read.
SECRET_KEY_FALLBACKS = [key for key in os.environ.get("DESIGNER_SECRET_KEY_FALLBACKS", "").split(",") if key]
DEBUG = os.environ.get("DESIGNER_DEBUG") == "1"
ALLOWED_HOSTS = os.environ.get("DESIGNER_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("DESIGNER_TRUSTED_ORIGINS", "").split(",") if origin]
BROKER_URL = _broker_url()
STORE_URL = os.environ.get("DESIGNER_STORE_URL", str(HOME / "store"))
STORE_CACHE = HOME / "store-cache"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "channels",
    "ninja",  # serves the page of the API from here, not from another server
    "designer.workspaces",
    "designer.assets",
    "designer.pipelines",
    "designer.runs",
]
MIDDLEWARE = [
    "designer.streaming.stream_in_pieces",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.common.CommonMiddleware",  # refuses names of this server that are not in ALLOWED_HOSTS
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
APPEND_SLASH = False
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
ROOT_URLCONF = "designer.urls"
ASGI_APPLICATION = "designer.asgi.application"
AUTH_USER_MODEL = "workspaces.User"
DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
CHANNEL_LAYERS: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [BROKER_URL], "prefix": "designer"},
    }
}

FRONT_END = ROOT / "frontend" / "dist"
STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATIC_ROOT.mkdir(exist_ok=True)
WHITENOISE_ROOT = FRONT_END if FRONT_END.is_dir() else None
WHITENOISE_INDEX_FILE = False
WHITENOISE_USE_FINDERS = True
# The build puts a digest into the names of what lies in assets/.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/assets/"

# Cookies do not tell ports apart: another program on this machine may have a "sessionid" of its own.
SESSION_COOKIE_NAME = "designer_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 30 * 24 * 3600
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# A document is small; files are streamed to disk, whatever their size.
DATA_UPLOAD_MAX_MEMORY_SIZE = 12_000_000
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
UPLOADS = HOME / "uploads"
UPLOADS.mkdir(exist_ok=True)
# Beside the store, so that taking a file over is a rename.
FILE_UPLOAD_TEMP_DIR = UPLOADS
LOGS = HOME / "logs"

# A step whose worker has been silent this long is given to another one.
LEASE_SECONDS = float(os.environ.get("DESIGNER_LEASE_SECONDS", "30"))
STEP_MEMORY_BYTES = int(os.environ.get("DESIGNER_STEP_MEMORY_MB", "8192")) << 20
# Outputs that nobody needs are taken out of the store, the longest unused first, when it holds more than this.
STORE_LIMIT_BYTES = int(os.environ.get("DESIGNER_STORE_LIMIT_MB", "100000")) << 20
STORE_SWEEP_SECONDS = float(os.environ.get("DESIGNER_STORE_SWEEP_SECONDS", "300"))
# Each machine keeps copies of what it has used of an object store.
STORE_CACHE_LIMIT_BYTES = int(os.environ.get("DESIGNER_STORE_CACHE_LIMIT_MB", "20000")) << 20

# Modules read from the open internet alone, and from these networks, such as 10.0.0.0/8,127.0.0.1.
PRIVATE_NETWORKS = _private_networks()

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": os.environ.get("DESIGNER_LOG_LEVEL", "WARNING")},
    # What a client did wrong is told to the client.
    "loggers": {"django.request": {"level": "ERROR"}, "django.security.csrf": {"level": "ERROR"}},
}
