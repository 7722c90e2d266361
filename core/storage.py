"""How static files are kept."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class CompressedFiles(CompressedManifestStaticFilesStorage):
    """Hashed names and gzip. Brotli at its highest level would take most of the first start, for little gain."""

    def create_compressor(self, **options):
        return super().create_compressor(**(options | {"use_brotli": False}))
