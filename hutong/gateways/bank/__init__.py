"""Bank (银行): payment files go out, what the bank answered comes back; both are bytes, whoever carries them.

No bank has shown its own form yet: the layouts are ours and stand in `docs/guide/payments.en.md`, field by field.
"""
