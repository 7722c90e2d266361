"""The tables that indicators of one kind have in common."""

PEOPLE = (
    (), ("province",), ("municipality",), ("sbi",), ("sector",), ("isco1",), ("isco2",), ("education",), ("situation",),
    ("dutch",), ("interest",), ("province", "sbi"), ("province", "sector"), ("province", "isco1"), ("province", "education"),
    ("province", "situation"), ("municipality", "sbi"), ("municipality", "situation"), ("sbi", "education"),
    ("sbi", "situation"), ("isco1", "education"),
)  # fmt: skip
PEOPLE_SHORT = ((), ("province",), ("municipality",), ("sbi",), ("sector",), ("isco1",), ("education",), ("situation",))
VACANCIES = (
    (), ("province",), ("municipality",), ("sbi",), ("sector",), ("isco1",), ("isco2",), ("education",), ("size",),
    ("province", "sector"), ("province", "isco1"), ("municipality", "sbi"), ("municipality", "sector"),
    ("municipality", "isco1"),
    ("sector", "size"), ("sector", "education"),
)  # fmt: skip
VACANCIES_SHORT = ((), ("province",), ("municipality",), ("sbi",), ("sector",), ("isco1",), ("education",), ("size",))
VACANCY_MONTHS = ((), ("province",), ("municipality",), ("sbi",), ("sector",), ("isco1",), ("isco2",))
APPLICATIONS = (
    (), ("province",), ("municipality",), ("sbi",), ("sector",), ("isco1",), ("isco2",), ("education",), ("size",), ("dutch",),
    ("situation",), ("province", "sbi"), ("province", "isco1"), ("municipality", "sbi"), ("sbi", "size"),
)  # fmt: skip
APPLICATIONS_SHORT = (
    (),
    ("province",),
    ("municipality",),
    ("sbi",),
    ("sector",),
    ("isco1",),
    ("education",),
    ("size",),
)
MONTHLY = ((), ("province",), ("sbi",), ("isco1",))
FEW = ((), ("province",), ("municipality",), ("sbi",), ("sector",), ("isco1",))
TRUST = ((), ("province",), ("sbi",), ("isco1",), ("dutch",), ("situation",), ("band",))
