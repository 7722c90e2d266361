from django.apps import AppConfig


class VacanciesConfig(AppConfig):
    name = "vacancies"

    def ready(self) -> None:
        from accounts.operations import register_export, register_farewell  # models are only there from now on
        from vacancies.operations import end_vacancies
        from vacancies.queries import export_of

        register_farewell(lambda firm, last, now: end_vacancies(organisation=firm, actor=last, now=now))
        register_export("vacancies", export_of)
