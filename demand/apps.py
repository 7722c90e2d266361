from django.apps import AppConfig


class DemandConfig(AppConfig):
    name = "demand"
    hooks = {"export": "demand.queries.export_of"}  # see core.hooks
