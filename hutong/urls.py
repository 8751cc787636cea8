"""All addresses, door by door."""

from django.urls import include, path

urlpatterns = [
    path("", include("hutong.desk.urls")),
]
