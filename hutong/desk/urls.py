"""The desk's addresses. No name, number or address of a child stands in one."""

from django.urls import path
from django.views.i18n import set_language

from hutong.desk.guards import public
from hutong.desk.views import bulk, children, elsewhere, health, imports, places, sign_in, today

app_name = "desk"
urlpatterns = [
    path("", today.show, name="today"),
    path("healthz", health.health, name="health"),
    path("language/", public(set_language), name="language"),
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("choose/", sign_in.choose, name="choose"),
    path("be/", sign_in.be, name="be"),
    path("places/", places.pick, name="places"),
    path("children/", children.index, name="children"),
    path("children/search/", children.search, name="search"),
    path("children/find/", children.find, name="find"),
    path("children/elsewhere/", elsewhere.ask, name="elsewhere"),
    path("children/filters/save/", children.save_filter, name="save_filter"),
    path("children/filters/remove/", children.remove_filter, name="remove_filter"),
    path("children/bulk/", bulk.show, name="bulk"),
    path("children/open/", children.open_with_purpose, name="open_with_purpose"),
    path("children/<str:file_number>/", children.show, name="child"),
    path("children/<str:file_number>/reveal/<str:field>/", children.reveal, name="reveal"),
    path("children/<str:file_number>/complete/<str:field>/", children.complete, name="complete"),
    path("imports/", imports.index, name="imports"),
    path("imports/upload/", imports.upload, name="upload"),
    path("imports/template/", imports.template, name="template"),
    path("imports/<int:number>/", imports.show, name="import"),
    path("imports/<int:number>/admit/", imports.admit, name="admit"),
    path("imports/<int:number>/withdraw/", imports.withdraw, name="withdraw"),
    path("imports/<int:number>/marked/", imports.marked, name="marked"),
]
