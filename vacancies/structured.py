"""A vacancy as schema.org JobPosting, for search engines."""

import json

from django.utils import timezone
from django.utils.html import linebreaks
from django.utils.safestring import SafeString, mark_safe

from vacancies.models import Vacancy

FULL_TIME_FROM = 35


def job_posting(vacancy: Vacancy, url: str) -> SafeString:
    """JSON-LD of a vacancy, safe inside a script element."""
    place = vacancy.place
    data = {
        "@context": "https://schema.org/",
        "@type": "JobPosting",
        "title": vacancy.title,
        "description": linebreaks(vacancy.text or vacancy.title, autoescape=True),
        "identifier": {"@type": "PropertyValue", "name": vacancy.organisation.name, "value": str(vacancy.pk)},
        "datePosted": timezone.localdate(vacancy.published_at).isoformat() if vacancy.published_at else None,
        "validThrough": vacancy.closes_on.isoformat() if vacancy.closes_on else None,
        "employmentType": "FULL_TIME" if vacancy.hours_max >= FULL_TIME_FROM else "PART_TIME",
        "hiringOrganization": {"@type": "Organization", "name": vacancy.organisation.name},
        "jobLocation": {
            "@type": "Place",
            "address": {
                "@type": "PostalAddress",
                "addressLocality": place.name if place else "",
                "postalCode": place.postcode if place else "",
                "addressCountry": "NL",
            },
        },
        "baseSalary": {
            "@type": "MonetaryAmount",
            "currency": "EUR",
            "value": {
                "@type": "QuantitativeValue",
                "minValue": vacancy.pay_min,
                "maxValue": vacancy.pay_max,
                "unitText": "MONTH",
            },
        },
        "totalJobOpenings": vacancy.openings,
        "directApply": True,
        "url": url,
    }
    filled = {key: value for key, value in data.items() if value is not None}
    text = json.dumps(filled, ensure_ascii=False)
    return mark_safe(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))
