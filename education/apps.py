from django.apps import AppConfig


class EducationConfig(AppConfig):
    name = "education"
    hooks = {  # see core.hooks
        "export": "education.queries.export_of",
    }
