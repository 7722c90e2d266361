from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "matching"

    def ready(self) -> None:
        from accounts.operations import (  # models are only there from now on
            register_export,
            register_farewell,
            register_subjects,
        )
        from matching.operations import answer_for_leaving_firm, take_bookmarks
        from matching.queries import export_of, subjects_of
        from profiles.operations import register_merge

        register_farewell(lambda firm, last, now: answer_for_leaving_firm(firm=firm, actor=last, now=now))
        register_export("matching", export_of)
        register_merge(lambda draft, own: take_bookmarks(draft=draft, own=own))
        register_subjects(subjects_of)
