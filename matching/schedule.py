"""What beat starts, and when (Europe/Amsterdam)."""

from celery.schedules import crontab

BEAT = {
    "build the model of job titles": {"task": "taxonomy.build_titles", "schedule": crontab(minute="*/5")},
    "close expired vacancies": {
        "task": "matching.close_expired_vacancies",
        "schedule": crontab(hour="0", minute="5"),
    },
    "train the chance model": {"task": "matching.train_chance_model", "schedule": crontab(hour="3", minute="10")},
    "rebuild the index": {"task": "matching.rebuild_index", "schedule": crontab(hour="*/4", minute="45")},
    "rebuild the index for a new day": {"task": "matching.rebuild_index", "schedule": crontab(hour="0", minute="1")},
    "refresh all recommendations": {"task": "matching.refresh_all", "schedule": crontab(hour="4", minute="0")},
    "compute the market order": {"task": "matching.refresh_market", "schedule": crontab(hour="*/6", minute="30")},
    "read the catalogues of schools": {"task": "education.refresh_feeds", "schedule": crontab(hour="2", minute="20")},
    "erase old completions": {"task": "education.erase_old_completions", "schedule": crontab(hour="5", minute="20")},
    "erase old uploads": {"task": "education.erase_old_uploads", "schedule": crontab(hour="5", minute="10")},
    "erase old drafts": {"task": "matching.erase_old_drafts", "schedule": crontab(hour="5", minute="0")},
    "count demand": {"task": "demand.refresh", "schedule": crontab(hour="3", minute="40")},
    "erase answered questions": {"task": "demand.erase_answered", "schedule": crontab(hour="5", minute="20")},
}
