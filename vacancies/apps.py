from django.apps import AppConfig


class VacanciesConfig(AppConfig):
    name = "vacancies"
    hooks = {  # see core.hooks
        "export": "vacancies.queries.export_of",
        "farewell": "vacancies.operations.end_vacancies",
    }
