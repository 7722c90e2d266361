"""Scales and lists that more than one room uses."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.IntegerChoices):
    """How well somebody can do something. The matcher counts in 15 steps: three per level."""

    BEGINNER = 1, _("I am starting")
    BASIC = 2, _("with some help")
    INDEPENDENT = 3, _("on my own")
    SKILLED = 4, _("very well")
    EXPERT = 5, _("I teach others")


class Importance(models.IntegerChoices):
    NICE = 1, _("nice to have")
    IMPORTANT = 2, _("important")
    CORE = 3, _("the core of the work")


class EducationLevel(models.IntegerChoices):
    """NLQF/EQF levels, with the names that people use."""

    ENTRY = 1, _("primary school or MBO 1")
    MBO2 = 2, _("VMBO or MBO 2")
    MBO3 = 3, _("MBO 3")
    MBO4 = 4, _("HAVO or MBO 4")
    AD = 5, _("associate degree")
    BACHELOR = 6, _("HBO or WO bachelor")
    MASTER = 7, _("master")
    DOCTORATE = 8, _("doctorate")


class LanguageLevel(models.IntegerChoices):
    """CEFR levels."""

    A1 = 1, "A1"
    A2 = 2, "A2"
    B1 = 3, "B1"
    B2 = 4, "B2"
    C1 = 5, "C1"
    C2 = 6, "C2"


class Language(models.TextChoices):
    NL = "nl", _("Dutch")
    EN = "en", _("English")
    DE = "de", _("German")
    FR = "fr", _("French")
    ES = "es", _("Spanish")
    PL = "pl", _("Polish")
    AR = "ar", _("Arabic")
    TR = "tr", _("Turkish")
    UK = "uk", _("Ukrainian")
    RO = "ro", _("Romanian")
    TI = "ti", _("Tigrinya")
    FA = "fa", _("Persian")
    SO = "so", _("Somali")
    PT = "pt", _("Portuguese")
    IT = "it", _("Italian")
    RU = "ru", _("Russian")
    ZH = "zh", _("Chinese")
    FY = "fy", _("Frisian")
    GOS = "gos", _("Gronings")
    DSL = "dsl", _("Dutch Sign Language")


class Day(models.IntegerChoices):
    """Bit positions of a week mask: Monday is 1, Tuesday 2, Wednesday 4 …"""

    MONDAY = 1, _("Monday")
    TUESDAY = 2, _("Tuesday")
    WEDNESDAY = 4, _("Wednesday")
    THURSDAY = 8, _("Thursday")
    FRIDAY = 16, _("Friday")
    SATURDAY = 32, _("Saturday")
    SUNDAY = 64, _("Sunday")


WEEKDAYS = 31  # Monday to Friday


class TravelMode(models.TextChoices):
    BIKE = "bike", _("bike")
    TRANSIT = "transit", _("bus or train")
    CAR = "car", _("car")


class Sector(models.TextChoices):
    """Sectors of the region, with the SBI 2008 section that each falls under in `SBI_SECTION`."""

    CONSTRUCTION = "construction", _("construction")
    INFRASTRUCTURE = "infrastructure", _("roads and groundworks")
    INSTALLATION = "installation", _("installation technology")
    METAL = "metal", _("metal and machines")
    ENERGY = "energy", _("energy")
    PROCESS_INDUSTRY = "process_industry", _("food and process industry")
    ICT = "ict", _("IT")
    TRANSPORT = "transport", _("transport and logistics")
    AGRICULTURE = "agriculture", _("farming and green")
    CLEANING = "cleaning", _("cleaning")
    SECURITY = "security", _("security")
    AUTOMOTIVE = "automotive", _("cars and bikes")
    CARE = "care", _("care")
    CHILDCARE = "childcare", _("childcare")
    WELFARE = "welfare", _("welfare")
    RETAIL = "retail", _("shops")
    WHOLESALE = "wholesale", _("trade")
    HOSPITALITY = "hospitality", _("hospitality and leisure")
    ADMINISTRATION = "administration", _("office and administration")
    FINANCE = "finance", _("finance")
    EDUCATION = "education", _("education")
    GOVERNMENT = "government", _("government")
    MEDIA = "media", _("media and design")
    PERSONAL_SERVICES = "personal_services", _("personal services")


SBI_SECTION = {
    "construction": "F", "infrastructure": "F", "installation": "F", "metal": "C", "energy": "D",
    "process_industry": "C", "ict": "J", "transport": "H", "agriculture": "A", "cleaning": "N", "security": "N",
    "automotive": "G", "care": "Q", "childcare": "Q", "welfare": "Q", "retail": "G", "wholesale": "G",
    "hospitality": "I", "administration": "M", "finance": "K", "education": "P", "government": "O", "media": "R",
    "personal_services": "S",
}  # fmt: skip


class Theme(models.TextChoices):
    """How the pages look; `SYSTEM` follows the device."""

    SYSTEM = "system", _("Automatic")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")
