from django.apps import AppConfig


class RehabilitationConfig(AppConfig):
    name = "rehabilitation"
    default_auto_field = "django.db.models.BigAutoField"
