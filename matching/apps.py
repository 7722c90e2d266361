from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "matching"
    hooks = {  # see core.hooks
        "export": "matching.queries.export_of",
        "subjects": "matching.queries.subjects_of",
        "farewell": "matching.operations.answer_for_leaving_firm",
        "merge": "matching.operations.take_bookmarks",
    }
