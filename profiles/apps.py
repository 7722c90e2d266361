from django.apps import AppConfig


class ProfilesConfig(AppConfig):
    name = "profiles"
    hooks = {  # see core.hooks
        "export": "profiles.queries.export_of",
    }
