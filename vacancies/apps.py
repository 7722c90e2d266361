from django.apps import AppConfig


class VacanciesConfig(AppConfig):
    name = "vacancies"

    def ready(self) -> None:
        from accounts.operations import register_export  # models are only there from now on
        from vacancies.queries import export_of

        register_export("vacancies", export_of)
