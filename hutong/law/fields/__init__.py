"""Register of fields (字段登记): what each column is for, on what basis, how sensitive it is, how long it is kept.

One YAML file a room beside this one; `lists.yaml` holds what the rooms share. A test of the house holds the register
against the tables.
"""

from hutong.law.fields.register import (
    About,
    Citation,
    Field,
    FieldClass,
    Group,
    Mask,
    Noun,
    Retention,
    field,
    nouns,
    retentions,
    stricter,
)

__all__ = [
    "About",
    "Citation",
    "Field",
    "FieldClass",
    "Group",
    "Mask",
    "Noun",
    "Retention",
    "field",
    "nouns",
    "retentions",
    "stricter",
]
