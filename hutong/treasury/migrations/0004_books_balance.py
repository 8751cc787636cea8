"""Books balance: an entry's postings sum to nothing, a balance follows from postings alone, what was booked stays.

An attempt moves on one way: to be sent, with the bank, paid or not, bounced; everything else of it stays as it was.
"""

from django.db import migrations

MAKE = """
CREATE FUNCTION hutong_post() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    UPDATE treasury_book SET balance_fen = balance_fen + moved.amount
      FROM (SELECT book_id, sum(amount_fen) AS amount FROM posted GROUP BY book_id ORDER BY book_id) AS moved
     WHERE treasury_book.id = moved.book_id;
    RETURN NULL;
END $$;
CREATE TRIGGER posting_moves_balance AFTER INSERT ON treasury_posting
    REFERENCING NEW TABLE AS posted FOR EACH STATEMENT EXECUTE FUNCTION hutong_post();

CREATE FUNCTION hutong_entry_balances() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT sum(amount_fen) FROM treasury_posting WHERE entry_id = NEW.entry_id) <> 0 THEN
        RAISE EXCEPTION 'entry % does not balance', NEW.entry_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER entry_balances AFTER INSERT ON treasury_posting
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION hutong_entry_balances();

REVOKE UPDATE, DELETE, TRUNCATE ON treasury_book FROM hutong_app;
SELECT hutong_make_append_only('treasury_entry');
SELECT hutong_make_append_only('treasury_posting');
SELECT hutong_make_append_only('treasury_due');
SELECT hutong_make_append_only('treasury_bankreturn');
SELECT hutong_make_append_only('treasury_beneficiary');

CREATE FUNCTION hutong_attempt_moves_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.due_id, NEW.batch_id, NEW.payee_id) IS DISTINCT FROM (OLD.id, OLD.due_id, OLD.batch_id, OLD.payee_id)
       OR (OLD.state, NEW.state) NOT IN (('to_send', 'sent'), ('sent', 'paid'), ('sent', 'failed'), ('paid', 'failed')) THEN
        RAISE EXCEPTION 'an attempt only moves on' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER attempt_moves_on BEFORE UPDATE ON treasury_attempt
    FOR EACH ROW EXECUTE FUNCTION hutong_attempt_moves_on();
CREATE TRIGGER append_only_rows BEFORE DELETE ON treasury_attempt
    FOR EACH ROW EXECUTE FUNCTION hutong_refuse_change();
REVOKE DELETE, TRUNCATE ON treasury_attempt FROM hutong_app;
"""
UNMAKE = """
DROP TRIGGER append_only_rows ON treasury_attempt;
DROP TRIGGER attempt_moves_on ON treasury_attempt;
DROP FUNCTION hutong_attempt_moves_on();
DROP TRIGGER append_only_rows ON treasury_beneficiary; DROP TRIGGER append_only_table ON treasury_beneficiary;
DROP TRIGGER append_only_rows ON treasury_bankreturn; DROP TRIGGER append_only_table ON treasury_bankreturn;
DROP TRIGGER append_only_rows ON treasury_due; DROP TRIGGER append_only_table ON treasury_due;
DROP TRIGGER append_only_rows ON treasury_posting; DROP TRIGGER append_only_table ON treasury_posting;
DROP TRIGGER append_only_rows ON treasury_entry; DROP TRIGGER append_only_table ON treasury_entry;
DROP TRIGGER entry_balances ON treasury_posting; DROP FUNCTION hutong_entry_balances();
DROP TRIGGER posting_moves_balance ON treasury_posting; DROP FUNCTION hutong_post();
"""


class Migration(migrations.Migration):
    dependencies = [("treasury", "0003_money"), ("divisions", "0002_append_only")]
    operations = [migrations.RunSQL(MAKE, UNMAKE)]
