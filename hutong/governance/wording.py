"""How a text of cases that cannot be read is told of (案例文本有误), on pages and by commands."""

from django.utils.translation import gettext as _

from hutong.law.texts import WrongText


def fault_of(wrong: WrongText) -> str:
    """Where the text goes wrong, and how it is mended."""
    if wrong.line:
        return _(
            "Line %(line)s, or the one before it, cannot be read. Indent with spaces, close every bracket and every "
            "quotation mark, and write no key twice."
        ) % {"line": wrong.line}
    return _("Write the cases as a list, each beginning with “- name:”.")
