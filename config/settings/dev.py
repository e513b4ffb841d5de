"""A laptop: embedded services, errors shown, hosts under localhost."""

from config.settings.base import *  # noqa: F403

DEBUG = True
SECRET_KEY = "development only, never in production"  # noqa: S105
TRANSFER_CODE_SECRET = "transfer codes of development, never of production"  # noqa: S105
SEALING_KEYS = ["sealed secrets of development, never of production"]
SIGNING_KEY = "S/zmbR7t6h/lfB/YPpXl+c5bqaXZgn9NMs/QZVeKglI="  # of nobody: it stands in a public file
SFTP_MAKES_HOST_KEY = True
STRICT_MATRIX = True
ALLOWED_HOSTS = [".localhost", "127.0.0.1"]
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
PORTAL_ADDRESS = "http://{host}:8000/"
