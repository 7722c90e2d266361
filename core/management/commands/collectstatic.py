"""`manage.py collectstatic`: Django's, after making the fonts that the style sheets ask for."""

from django.contrib.staticfiles.management.commands import collectstatic
from django.core.management import call_command


class Command(collectstatic.Command):
    def handle(self, **options) -> str | None:
        call_command("build_assets")
        return super().handle(**options)
