from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "matching"

    def ready(self) -> None:
        from accounts.operations import register_export, register_subjects  # models are only there from now on
        from matching.queries import export_of, subjects_of

        register_export("matching", export_of)
        register_subjects(subjects_of)
