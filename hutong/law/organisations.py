"""Organisations (机构): the kinds there are, and which of them take children in."""

ORGANISATIONS = {
    "welfare_institution": ("儿童福利机构", "Child welfare institution"),
    "protection_centre": ("未成年人救助保护机构", "Minors’ rescue and protection centre"),
    "township_station": ("未成年人保护工作站", "Township minors’ protection station"),
    "childrens_home": ("儿童之家", "Children’s home of a village"),
    "hospital": ("医疗机构", "Hospital"),
    "university": ("高等院校", "University"),
    "social_organisation": ("社会组织", "Social organisation"),
    "donor": ("捐赠单位", "Donor"),
    "bank": ("银行", "Bank"),
    "department": ("政府部门", "Government department"),
    "other": ("其他机构", "Other organisation"),
}
"""Organisation by code, in Chinese and English."""

TAKING_CHILDREN = ("welfare_institution", "protection_centre")
"""Where a child may be raised (《儿童福利机构管理办法》): long-term guardianship in the one, temporary in the other."""
