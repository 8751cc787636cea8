"""Portal (公众门户): what families and neighbours see without an account.

Not furnished yet.
"""
