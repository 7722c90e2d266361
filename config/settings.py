"""The one settings file. The environment decides what differs between places; see `docs/settings.md`."""

import os
import sys
from pathlib import Path

import fontpkg_atkinson_hyperlegible
import fontpkg_bricolage_grotesque
import structlog
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from cockpit.schedule import BEAT as COCKPIT_BEAT
from config import env
from core.embedded import database_url, local_dir, redis_url
from matching.schedule import BEAT

BASE_DIR = Path(__file__).resolve().parent.parent
LOCAL_DIR = local_dir()
os.environ.setdefault("NUMBA_CACHE_DIR", str(LOCAL_DIR / "numba"))  # read when the engine is first imported

DEBUG = env.flag("DEBUG", default=False)
TESTING = env.flag("TESTING", default="pytest" in sys.modules)
DEMO = env.flag("DEMO", default=False)  # every page says that it shows generated data
PRODUCTION = env.flag("PRODUCTION", default=False)
SECRET_KEY = env.text("SECRET_KEY", None if PRODUCTION else "for-development-only-" + "x" * 40)
ALLOWED_HOSTS = env.items("ALLOWED_HOSTS", () if PRODUCTION else ("localhost", "127.0.0.1", "[::1]"))
TRUSTED_PROXIES = env.number("TRUSTED_PROXIES", 0)  # of ours, between visitors and this server
CSRF_TRUSTED_ORIGINS = env.items("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "core",
    "accounts",
    "taxonomy",
    "profiles",
    "vacancies",
    "education",
    "partners",
    "matching",
    "demand",
    "cockpit",
    "simulation",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "rest_framework.authtoken",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "drf_standardized_errors",
    "django_htmx",
    "django_cotton.apps.SimpleAppConfig",
    "django_celery_beat",
    "csp",
    "lucide",
    "django_structlog",
    "django_prometheus",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "core.middleware.ChosenLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "profiles.middleware.ClaimDraft",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "core.middleware.RequestLog",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "core.context.site",
                "accounts.context.roles",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "django.templatetags.i18n",
                "django.contrib.humanize.templatetags.humanize",
                "core.templatetags.zelf",
            ],
        },
    }
]

# Services: PostgreSQL and Valkey come from wheels when no address is given.
DATABASES = {"default": env.database(database_url(), pooled=env.flag("DATABASE_POOL", default=False))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = redis_url()
CACHE_URL = env.text("CACHE_URL", env.next_database(REDIS_URL))  # emptying the cache leaves the queue alone
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": CACHE_URL}}

CELERY_BROKER_URL = REDIS_URL
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
# Celery would connect anew for every task; `config.celery` tends connections as Django does.
CELERY_DB_REUSE_MAX = sys.maxsize
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_SOFT_TIME_LIMIT = 540
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 1_000_000  # kB: a process that grew is replaced after its task
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600}
CELERY_TASK_ALWAYS_EAGER = env.flag("CELERY_EAGER", default=False)
CELERY_BEAT_SCHEDULE = BEAT | COCKPIT_BEAT
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_TIMEZONE = TIME_ZONE = "Europe/Amsterdam"

LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", _("Dutch")), ("en", _("English"))]
LOCALE_PATHS = sorted(path for path in (BASE_DIR / "locale").iterdir() if path.is_dir())
USE_I18N = USE_TZ = True  # thousands are grouped where a page asks (intcomma, euro), never in ids

STATIC_URL = "static/"
STATIC_ROOT = LOCAL_DIR / "staticfiles"
ASSETS_DIR = LOCAL_DIR / "assets"  # filled by `manage.py collectstatic`, or by `build_assets` alone
SILENCED_SYSTEM_CHECKS = ["staticfiles.W004"]  # that folder may not be there yet
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ASSETS_DIR,
    ("fonts", Path(fontpkg_atkinson_hyperlegible.__file__).parent / "files"),
    ("fonts", Path(fontpkg_bricolage_grotesque.__file__).parent / "files"),
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "core.storage.CompressedFiles"
    },
}
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = DEBUG or TESTING
MEDIA_ROOT = Path(env.text("MEDIA_ROOT", str(LOCAL_DIR / "media")))
TITLES_DIR = Path(env.text("TITLES_DIR", str(LOCAL_DIR / "titles")))  # the trained model of job titles
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
MAX_UPLOAD_BYTES = 10 * 1024 * 1024
FEEDS_MAY_BE_PRIVATE = env.flag("FEEDS_MAY_BE_PRIVATE", default=False)  # schools' catalogues on our own network: tests

# Accounts
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_SIGNUP_FORM_CLASS = None
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = None  # asked: a computer may be shared
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
LOGIN_REDIRECT_URL = "accounts:home"
LOGIN_URL = "account_login"
LOGOUT_REDIRECT_URL = "home"

# E-mail: files under .local/ in development, SMTP in production.
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if env.text("EMAIL_HOST", "")
    else "django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_FILE_PATH = LOCAL_DIR / "mail"
EMAIL_HOST = env.text("EMAIL_HOST", "")
EMAIL_PORT = env.number("EMAIL_PORT", 587)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", default=True)
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Zelf aan het Werk <noreply@localhost>")

# Trust
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_HSTS_SECONDS = 31536000 if PRODUCTION else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_HTTPONLY = True
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    },
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "rest_framework.authentication.TokenAuthentication",  # first: who is nobody gets a 401 that says how
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [
        "core.parsers.BoundedJSONParser",
        "rest_framework.parsers.FormParser",
        "rest_framework.parsers.MultiPartParser",
    ],
    "DEFAULT_SCHEMA_CLASS": "drf_standardized_errors.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "core.pagination.Pages",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.AnonRateThrottle",
        "rest_framework.throttling.UserRateThrottle",
    ],
    "NUM_PROXIES": TRUSTED_PROXIES,
    "DEFAULT_THROTTLE_RATES": {
        "anon": env.text("THROTTLE_ANON", "120/min"),
        "user": env.text("THROTTLE_USER", "600/min"),
    },
    "EXCEPTION_HANDLER": "drf_standardized_errors.handler.exception_handler",
    "PAGE_SIZE": 25,
}
DRF_STANDARDIZED_ERRORS = {"EXCEPTION_HANDLER_CLASS": "core.api.Problems"}
SPECTACULAR_SETTINGS = {
    "TITLE": "Zelf aan het Werk",
    "DESCRIPTION": "Smart CVs, vacancies, programmes, matches and applications.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    # Names for lists of choices that several rooms call alike, and for those in errors.
    "POSTPROCESSING_HOOKS": ["drf_standardized_errors.openapi_hooks.postprocess_schema_enums"],
    "ENUM_NAME_OVERRIDES": {
        "ApplicationStatusEnum": "matching.models.Application.Status",
        "VacancyStatusEnum": "vacancies.models.Vacancy.Status",
        "VacancyKindEnum": "vacancies.models.Vacancy.Kind",
        "ProgrammeStatusEnum": "education.models.Programme.Status",
        "UploadStatusEnum": "education.models.ProgrammeUpload.Status",
        "ProgrammeKindEnum": "education.models.Programme.Kind",
        "ContactKindEnum": "partners.models.Kind",
        "InitiativeKindEnum": "profiles.models.Initiative.Kind",
        "EducationLevelEnum": "core.choices.EducationLevel",
        "LanguageEnum": "core.choices.Language",
        "LanguageLevelEnum": "core.choices.LanguageLevel",
        "SkillLevelEnum": "core.choices.Level",
        "ValidationErrorEnum": "drf_standardized_errors.openapi_serializers.ValidationErrorEnum.choices",
        "ClientErrorEnum": "drf_standardized_errors.openapi_serializers.ClientErrorEnum.choices",
        "ServerErrorEnum": "drf_standardized_errors.openapi_serializers.ServerErrorEnum.choices",
        "ErrorCode401Enum": "drf_standardized_errors.openapi_serializers.ErrorCode401Enum.choices",
        "ErrorCode403Enum": "drf_standardized_errors.openapi_serializers.ErrorCode403Enum.choices",
        "ErrorCode404Enum": "drf_standardized_errors.openapi_serializers.ErrorCode404Enum.choices",
        "ErrorCode405Enum": "drf_standardized_errors.openapi_serializers.ErrorCode405Enum.choices",
        "ErrorCode406Enum": "drf_standardized_errors.openapi_serializers.ErrorCode406Enum.choices",
        "ErrorCode415Enum": "drf_standardized_errors.openapi_serializers.ErrorCode415Enum.choices",
        "ErrorCode429Enum": "drf_standardized_errors.openapi_serializers.ErrorCode429Enum.choices",
        "ErrorCode500Enum": "drf_standardized_errors.openapi_serializers.ErrorCode500Enum.choices",
    },
}

# Logs hold no personal data: no addresses, no query strings, no ids of people.
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_USER_ID_FIELD = None
METRICS_TOKEN = env.text("METRICS_TOKEN", "")  # who shows it may read /metrics; without one, staff only
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"()": "structlog.stdlib.ProcessorFormatter", "processor": structlog.dev.ConsoleRenderer()}
    },
    "filters": {"routes": {"()": "core.logs.RoutesOnly"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["routes"]}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "WARNING")},
}
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.filter_by_level,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.format_exc_info,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)

# Domain
SMALLEST_GROUP = env.number("SMALLEST_GROUP", 10)  # CockpitWerk shows nothing about fewer people
DRAFT_DAYS = env.number("DRAFT_DAYS", 30)  # a smart CV without an account is erased after this

# The compiled index of people (see docs/adr/0013): where it is kept, and from how many people on it is used.
INDEX_DIR = Path(env.text("INDEX_DIR", str(LOCAL_DIR / "index")))
INDEX_FROM = env.number("INDEX_FROM", 20_000)
WORK_INDEX_FROM = env.number("WORK_INDEX_FROM", 1_000)
