"""Care (关爱服务): the care list as obligations, referrals, pairings, wishes, goods, study aid, rehabilitation.

Not furnished yet.
"""
