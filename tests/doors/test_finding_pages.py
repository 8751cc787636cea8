"""The pages of what audits found: listed by audit, looked into, settled in words."""

import pytest
from django.urls import reverse

from hutong.allowances.models import AuditFinding
from hutong.registry.models import Child
from tests import factories as make
from tests.payments import finding

pytestmark = pytest.mark.django_db


def test_findings_are_listed_by_audit_and_settled_in_words(signed_in):
    made = finding(code="with_tekun")
    client = signed_in(make.person("county_officer"))
    listed = client.get(reverse("desk:findings"), {"list": "with_tekun"}).content.decode()
    assert Child.objects.get().name in listed and "特困" in listed

    address = reverse("desk:finding", args=[made.pk])
    refused = client.post(address, {"outcome": "nothing", "words": ""})
    assert refused.status_code == 422 and AuditFinding.objects.get().outcome == ""
    done = client.post(address, {"outcome": "nothing", "words": "已退出特困供养"}, follow=True)
    assert done.status_code == 200 and AuditFinding.objects.get().outcome == "nothing"
    assert "已退出特困供养" in client.get(address).content.decode()


def test_whoever_only_prepares_reads_and_does_not_settle(signed_in):
    made = finding()
    page = signed_in(make.person("payer")).get(reverse("desk:finding", args=[made.pk])).content.decode()
    assert "<textarea" not in page
