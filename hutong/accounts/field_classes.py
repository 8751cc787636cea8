"""Field classes as permissions (字段级别与权限): what somebody must hold to see a column about a child."""

from datetime import date

from hutong.accounts.models import Person
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import jurisdiction_of
from hutong.law.fields import About, Field, FieldClass, Mask, field, stricter

NEEDED = {
    FieldClass.ORDINARY: Permission.SEE_CHILDREN,
    FieldClass.SENSITIVE: Permission.SEE_SENSITIVE,
    FieldClass.SECRET: Permission.SEE_SECRET,
}
UNMASKING = {Mask.NUMBER: Permission.REVEAL, Mask.CONTACT: Permission.REVEAL_CONTACT}
SECRET_SCOPE = "secret"
"""The kind of grant that names somebody for the secret fields of one child, by file number (指名授权)."""


def needed_for(of: Field, *, stated: FieldClass = FieldClass.ORDINARY) -> Permission:
    """The permission that a column asks for (所需权限).

    A masked value is shown one at a time, to whoever may show that kind of value.
    """
    asked = stricter(of.group.field_class, stated)
    if asked == FieldClass.SENSITIVE and of.group.mask in UNMASKING:
        return UNMASKING[of.group.mask]
    return NEEDED[asked]


def may_see(
    user: Person,
    path: str,
    *,
    code: str,
    on: date,
    file_number: str = "",
    stated: FieldClass = FieldClass.ORDINARY,
) -> bool:
    """Whether a person may see a column about a child (可见字段), `registry.circumstance.kind` for example, at a place.

    `stated` is the class a row gives itself; the stricter of it and the column's counts. What is secret is seen only
    by whom a grant names for the child of `file_number`. Raises LookupError where the register has no such column,
    and ValueError where it is not about a child.
    """
    asked = field(path)
    if asked.noun.about != About.CHILD:
        raise ValueError(f"{path} is not about a child")
    seen = jurisdiction_of(user, needed_for(asked, stated=stated), on=on)
    is_secret = stricter(asked.group.field_class, stated) == FieldClass.SECRET
    return seen.covers(code) and (not is_secret or file_number in seen.granted(SECRET_SCOPE))
