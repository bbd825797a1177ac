from django.apps import AppConfig
from django.core import checks

from records.sealed import check_keys, keyring


class RecordsConfig(AppConfig):
    name = "records"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        checks.register(check_keys, checks.Tags.security)
        # A web server runs no checks: refuse to start rather than fail at the first case.
        keyring()
