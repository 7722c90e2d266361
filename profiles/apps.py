from django.apps import AppConfig


class ProfilesConfig(AppConfig):
    name = "profiles"

    def ready(self) -> None:
        from accounts.operations import register_export  # models are only there from now on
        from profiles.queries import export_of

        register_export("cv", export_of)
