"""`manage.py build_assets`: small web fonts out of the font packages, under `.local/assets/`."""

from pathlib import Path

import fontpkg_atkinson_hyperlegible
import fontpkg_bricolage_grotesque
from django.conf import settings
from django.core.management.base import BaseCommand
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

READ = Path(fontpkg_atkinson_hyperlegible.__file__).parent / "files"
LOUD = Path(fontpkg_bricolage_grotesque.__file__).parent / "files"
# Latin with its accents (Dutch, Frisian, Polish, Turkish, Romanian), punctuation, the euro and arrows.
LETTERS = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x250),
    *range(0x2000, 0x2070),
    0x20AC,
    0x2122,
    *range(0x2190, 0x2194),
    0x2212,
]
HEADING: dict[str, float] = {"wght": 700, "wdth": 100, "opsz": 48}


class Command(BaseCommand):
    help = "Make small woff2 files of the fonts; does nothing when they are there."

    def handle(self, *args, **options) -> None:
        folder = settings.ASSETS_DIR / "fonts"
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("Regular", "Bold", "Italic"):
            make(READ / f"AtkinsonHyperlegible-{name}.ttf", folder / f"read-{name.lower()}.woff2")
        make(LOUD / "BricolageGrotesque[opsz,wdth,wght].ttf", folder / "loud-bold.woff2", HEADING)


def make(source: Path, target: Path, axes: dict[str, float] | None = None) -> None:
    """Write the letters that the site uses as woff2, at fixed axes for a variable font."""
    if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
        return
    with TTFont(source) as font:
        made = instantiateVariableFont(font, axes) if axes else font
        subsetter = Subsetter(Options(layout_features=["kern", "liga", "tnum", "mark", "mkmk", "ccmp", "locl"]))
        subsetter.populate(unicodes=LETTERS)
        subsetter.subset(made)
        made.flavor = "woff2"
        made.save(target)
