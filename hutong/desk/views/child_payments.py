"""The payments of one child by page (儿童发放情况)."""

from django.http import HttpResponse

from hutong.accounts.clock import today
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import may
from hutong.allowances.payments import payments_of
from hutong.desk.guards import OfficeRequest, signed_in
from hutong.desk.payment_lines import payment_rows
from hutong.desk.views.file import file_page, looked_or_404


@signed_in
def index(request: OfficeRequest, file_number: str) -> HttpResponse:
    """The payments (发放): by month what was due, whether it arrived, and why so much."""
    seen, on = looked_or_404(request, file_number), today()
    file = seen.child.leading
    can_open = may(request.user, Permission.SEE_PAYMENTS, code=file.responsible_code, on=on)
    rows = payment_rows(payments_of(file), on=on, can_open=can_open, sensitive=seen.is_sensitive)
    return file_page(request, seen, "payments", {"payments": rows})
