"""The product's addresses and one more: a bare page, the peer that every list is measured against."""

from django.http import HttpResponse
from django.template import engines
from django.urls import include, path

from hutong.desk.guards import OfficeRequest, signed_in

BARE = '{% extends "desk/base.html" %}{% block title %}-{% endblock %}{% block main %}<h1>-</h1>{% endblock %}'


@signed_in
def bare(request: OfficeRequest) -> HttpResponse:
    """A bare page (空白页): middleware, session, sign-in and frame of every page, and nothing else."""
    return HttpResponse(engines["django"].from_string(BARE).render({}, request))


urlpatterns = [path("bare/", bare), path("", include("hutong.urls"))]
