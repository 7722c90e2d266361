"""Codes that learners give to schools, and what schools write down about who finished.

A school must not learn whether somebody has an account: a code carries its own check sign, so that a slip of the pen is
seen without looking anything up, and every address and code is answered in the same way.
"""

import re
import secrets

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from stdnum.exceptions import ValidationError as BadNumber
from stdnum.iso7064 import mod_37_36

SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # without what looks alike
CODE_LENGTH = 9  # and a check sign: 45 bits


def fresh_code() -> str:
    """A code that cannot be guessed, as it is stored."""
    body = "".join(secrets.choice(SIGNS) for _at in range(CODE_LENGTH))
    return body + mod_37_36.calc_check_digit(body)


def shown_code(code: str) -> str:
    """A code in groups, easy to read aloud.

    >>> shown_code("ABCDEFGHJK")
    'ABCD-EFG-HJK'
    """
    return f"{code[:4]}-{code[4:7]}-{code[7:]}"


def read_learner(text: str) -> tuple[str, str]:
    """(e-mail address, "") or ("", code) for what a school wrote down; raises ValueError with the reason in words."""
    text = text.strip()
    if "@" in text:
        try:
            validate_email(text)
        except ValidationError:
            raise ValueError(_("this is not an e-mail address"))
        return text.lower(), ""
    code = re.sub(r"[\s-]", "", text).upper()
    try:
        mod_37_36.validate(code)
    except BadNumber:
        raise ValueError(_("this is not an e-mail address, and the code has a mistake in it"))
    if len(code) != CODE_LENGTH + 1:
        raise ValueError(_("this is not an e-mail address, and the code has a mistake in it"))
    return "", code
