"""The desk's addresses. No name, number or address of a child stands in one."""

from django.urls import path
from django.views.i18n import set_language

from hutong.desk.guards import public
from hutong.desk.views import bulk, changing, children, facts, file, health, imports, moves, places, sign_in, today

app_name = "desk"
CHILD = "children/<str:file_number>"
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
    path("children/open/", file.open_with_purpose, name="open_with_purpose"),
    path("children/enter/", changing.enrol, name="enrol"),
    path("children/bulk/", bulk.bulk, name="bulk"),
    path(f"{CHILD}/", file.show, name="child"),
    path(f"{CHILD}/family/", file.family, name="family"),
    path(f"{CHILD}/life/", file.life, name="life"),
    path(f"{CHILD}/standing/", file.standing, name="standing"),
    path(f"{CHILD}/changes/", file.changes, name="changes"),
    path(f"{CHILD}/changes/<int:number>/", changing.decide, name="decide"),
    path(f"{CHILD}/looks/", file.looks, name="looks_at_child"),
    path(f"{CHILD}/print/", file.print_file, name="print_file"),
    path(f"{CHILD}/purpose/", file.purpose, name="purpose"),
    path(f"{CHILD}/reveal/<str:value>/<int:number>/", file.reveal, name="reveal"),
    path(f"{CHILD}/complete/<str:field>/", file.complete, name="complete"),
    path(f"{CHILD}/secret/", file.secret, name="secret"),
    path(f"{CHILD}/seal/", changing.seal, name="seal"),
    path(f"{CHILD}/alter/", changing.alter, name="alter"),
    path(f"{CHILD}/close/", changing.close, name="close"),
    path(f"{CHILD}/reopen/", changing.reopen, name="reopen"),
    path(f"{CHILD}/move/", changing.move, name="move"),
    path(f"{CHILD}/categories/new/", changing.begin_holding, name="begin_holding"),
    path(f"{CHILD}/categories/<int:number>/end/", changing.end_holding, name="end_holding"),
    path(f"{CHILD}/household/new/", changing.found_household, name="found_household"),
    path(f"{CHILD}/household/join/<str:sibling>/", changing.join_household, name="join_household"),
    path(f"{CHILD}/household/add/", changing.add_member, name="add_member"),
    path(f"{CHILD}/household/<int:number>/end/", changing.end_member, name="end_member"),
    path(f"{CHILD}/record/<str:noun>/", facts.record, name="record"),
    path(f"{CHILD}/facts/<str:noun>/<int:number>/<str:act>/", facts.act_on, name="fact"),
    path("moves/", moves.index, name="moves"),
    path("moves/<int:number>/", moves.show, name="move_answer"),
    path("imports/", imports.index, name="imports"),
    path("imports/upload/", imports.upload, name="upload"),
    path("imports/template/", imports.template, name="template"),
    path("imports/<int:number>/", imports.show, name="import"),
    path("imports/<int:number>/admit/", imports.admit, name="admit"),
    path("imports/<int:number>/withdraw/", imports.withdraw, name="withdraw"),
    path("imports/<int:number>/marked/", imports.marked, name="marked"),
]
