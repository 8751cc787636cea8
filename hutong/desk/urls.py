"""The desk's addresses. No name, number or address of a child stands in one."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter
from django.views.i18n import set_language

from hutong.desk.guards import public
from hutong.desk.views import (
    bulk,
    changing,
    children,
    elsewhere,
    facts,
    fields,
    file,
    health,
    household,
    imports,
    kin,
    looks,
    moves,
    notices,
    papers,
    passwords,
    people,
    places,
    sign_in,
    standing,
    today,
)



class FileNumberConverter(StringConverter):
    """A file number in an address (档案号): its letters alone, so that nothing else reaches the database."""

    regex = "[0-9A-Za-z-]{1,20}"


register_converter(FileNumberConverter, "file")
app_name = "desk"
CHILD = "children/<file:file_number>"
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
    path(f"{CHILD}/seal/", standing.seal, name="seal"),
    path(f"{CHILD}/alter/", changing.alter, name="alter"),
    path(f"{CHILD}/close/", changing.close, name="close"),
    path(f"{CHILD}/reopen/", changing.reopen, name="reopen"),
    path(f"{CHILD}/move/", changing.move, name="move"),
    path(f"{CHILD}/categories/new/", standing.begin_holding, name="begin_holding"),
    path(f"{CHILD}/categories/<int:number>/end/", standing.end_holding, name="end_holding"),
    path(f"{CHILD}/payee/", standing.set_payee, name="set_payee"),
    path(f"{CHILD}/payee/card/", standing.set_card, name="set_card"),
    path(f"{CHILD}/household/new/", household.found_household, name="found_household"),
    path(f"{CHILD}/household/join/<file:sibling>/", household.join_household, name="join_household"),
    path(f"{CHILD}/household/add/", household.add_member, name="add_member"),
    path(f"{CHILD}/household/<int:number>/end/", household.end_member, name="end_member"),
    path(f"{CHILD}/record/<str:noun>/", facts.record, name="record"),
    path(f"{CHILD}/facts/<str:noun>/<int:number>/<str:act>/", facts.act_on, name="fact"),
    path(f"{CHILD}/papers/", papers.index, name="papers"),
    path(f"{CHILD}/papers/add/", papers.add, name="add_paper"),
    path(f"{CHILD}/papers/<int:number>/", papers.show, name="paper"),
    path(f"{CHILD}/papers/<int:number>/withdraw/", papers.withdraw, name="withdraw_paper"),
    path("moves/", moves.index, name="moves"),
    path("moves/<int:number>/", moves.show, name="move_answer"),
    path("fields/", fields.index, name="fields"),
    path("imports/", imports.index, name="imports"),
    path("imports/upload/", imports.upload, name="upload"),
    path("imports/template/", imports.template, name="template"),
    path("imports/<int:number>/", imports.show, name="import"),
    path("imports/<int:number>/admit/", imports.admit, name="admit"),
    path("imports/<int:number>/withdraw/", imports.withdraw, name="withdraw"),
    path("imports/<int:number>/marked/", imports.marked, name="marked"),
    path("password/", passwords.choose, name="password"),
    path("notices/", notices.index, name="notices"),
    path("notices/read/", notices.read_all, name="read_notices"),
    path("notices/<int:number>/", notices.show, name="notice"),
    path("kin/", kin.index, name="kin"),
    path("kin/<int:number>/end/", kin.end, name="end_kin"),
    path("looks/", looks.index, name="looks"),
    path("people/", people.index, name="people"),
    path("people/search/", people.search, name="search_people"),
    path("people/open/", people.open_new, name="open_account"),
    path("people/<int:number>/", people.show, name="person"),
    path("people/<int:number>/post/", people.post, name="add_posting"),
    path("people/<int:number>/password/", people.renew, name="renew_password"),
    path("people/<int:number>/close/", people.close, name="close_account"),
    path("people/<int:number>/reopen/", people.reopen, name="reopen_account"),
    path("people/postings/<int:number>/", people.posting, name="posting"),
    path("people/postings/<int:number>/withdraw/", people.withdraw, name="withdraw_posting"),
]
