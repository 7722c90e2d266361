"""Names of occupation groups: major and sub-major groups of ISCO-08 (International Labour Organization, 2012)."""

from django.utils.translation import gettext_lazy as _

MAJOR = {
    "0": _("armed forces"), "1": _("managers"), "2": _("professionals"), "3": _("technicians and associate professionals"),
    "4": _("clerical support"), "5": _("service and sales"), "6": _("skilled farm and forest work"),
    "7": _("craft and related trades"), "8": _("machine operators, assemblers and drivers"),
    "9": _("elementary occupations"),
}  # fmt: skip
SUB_MAJOR = {
    "01": _("officers of the armed forces"), "02": _("non-commissioned officers"), "03": _("other ranks of the armed forces"),
    "11": _("directors and senior officials"), "12": _("administrative and commercial managers"),
    "13": _("production and specialised services managers"), "14": _("hospitality, retail and other service managers"),
    "21": _("science and engineering professionals"), "22": _("health professionals"), "23": _("teaching professionals"),
    "24": _("business and administration professionals"), "25": _("IT professionals"),
    "26": _("legal, social and cultural professionals"), "31": _("science and engineering technicians"),
    "32": _("health associate professionals"), "33": _("business and administration associates"),
    "34": _("legal, social and cultural associates"), "35": _("IT technicians"), "41": _("general clerks and secretaries"),
    "42": _("customer service clerks"), "43": _("numerical and material recording clerks"), "44": _("other clerical support"),
    "51": _("personal service work"), "52": _("sales work"), "53": _("personal care work"),
    "54": _("protective service work"), "61": _("market-oriented farm work"), "62": _("forestry, fishery and hunting"),
    "63": _("subsistence farming and fishing"), "71": _("building trades"), "72": _("metal and machinery trades"),
    "73": _("handicraft and printing"), "74": _("electrical and electronic trades"),
    "75": _("food, wood, clothing and other crafts"), "81": _("stationary plant and machine operators"),
    "82": _("assemblers"), "83": _("drivers and mobile plant operators"), "91": _("cleaners and helpers"),
    "92": _("farm, forestry and fishery labour"), "93": _("labour in building, industry and transport"),
    "94": _("food preparation assistants"), "95": _("street sales and services"), "96": _("refuse and other elementary work"),
}  # fmt: skip
