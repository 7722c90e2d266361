"""What the audit trail says, in words that people understand."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

WORDS = {
    "register organisation": gettext_noop("put a firm or school on the platform"),
    "change organisation": gettext_noop("changed the page of the firm or school"),
    "invite colleague": gettext_noop("asked a colleague to join"),
    "join organisation": gettext_noop("joined a firm or school"),
    "remove colleague": gettext_noop("ended a colleague's access"),
    "end organisation": gettext_noop("ended a firm on the platform"),
    "change settings": gettext_noop("changed name, phone number or language"),
    "prove address": gettext_noop("proved the e-mail address"),
    "export own data": gettext_noop("downloaded all data"),
    "make API key": gettext_noop("made a key for the API"),
    "start cv": gettext_noop("began a smart CV"),
    "claim draft": gettext_noop("kept the smart CV under the account"),
    "erase cv": gettext_noop("erased the smart CV"),
    "create vacancy": gettext_noop("made a vacancy"),
    "change vacancy": gettext_noop("changed a vacancy"),
    "publish vacancy": gettext_noop("published a vacancy"),
    "delete draft": gettext_noop("threw a draft of a vacancy away"),
    "close vacancy": gettext_noop("closed a vacancy"),
    "create programme": gettext_noop("made a programme"),
    "change programme": gettext_noop("changed a programme"),
    "publish programme": gettext_noop("published a programme"),
    "withdraw programme": gettext_noop("took a programme off the site"),
    "confirm skills": gettext_noop("confirmed what a programme teaches"),
    "upload programmes": gettext_noop("sent a file with programmes"),
    "check programmes": gettext_noop("had a file with programmes checked"),
    "import programmes": gettext_noop("imported programmes"),
    "apply": gettext_noop("applied for work"),
    "withdraw": gettext_noop("withdrew an application"),
    "decline approach": gettext_noop("said no to an employer"),
    "approach": gettext_noop("asked somebody to apply, without seeing a name"),
    "see anonymous cv": gettext_noop("read a smart CV without a name"),
    "see application": gettext_noop("read an application with name and CV"),
    "shortlist": gettext_noop("put an application on the shortlist"),
    "invite": gettext_noop("invited somebody for an interview"),
    "reject": gettext_noop("answered an application: not this time"),
    "hire": gettext_noop("hired somebody"),
    "add job": gettext_noop("added a job to the smart CV"),
    "change job": gettext_noop("changed a job in the smart CV"),
    "remove job": gettext_noop("took a job out of the smart CV"),
    "remove jobs": gettext_noop("took jobs out of the smart CV"),
    "finish programme": gettext_noop("put a finished programme on the smart CV"),
    "take back programme": gettext_noop("took a finished programme off the smart CV"),
    "set findable": gettext_noop("chose whether employers may see the smart CV"),
    "erase account": gettext_noop("erased an account"),
    "erase old drafts": gettext_noop("erased smart CVs that nobody kept"),
    "erase old uploads": gettext_noop("erased files with programmes that nobody put in"),
    "make chance model live": gettext_noop("put a chance model into use"),
    "download cockpit figures": gettext_noop("downloaded the figures of CockpitWerk"),
    "edit labels": gettext_noop("changed names in the list of skills and occupations"),
    "load core taxonomy": gettext_noop("loaded the list of skills and occupations"),
    "import ESCO": gettext_noop("read in ESCO"),
    "import O*NET": gettext_noop("read in O*NET"),
}


def words_for(verb: str) -> str:
    """The verb in the language of the page; verbs that are not in the list as they are written."""
    if verb.startswith("save "):  # the parts of a smart CV
        return _("changed the smart CV")
    return _(WORDS[verb]) if verb in WORDS else verb
