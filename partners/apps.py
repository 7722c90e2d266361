from django.apps import AppConfig


class PartnersConfig(AppConfig):
    name = "partners"
    hooks = {  # see core.hooks
        "export": "partners.queries.export_of",
        "farewell": "partners.operations.end_contacts",
    }
