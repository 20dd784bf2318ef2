-- Live claims on an invite are found by `claims_by_invite`, whose entries lie in the order in which the claims
-- were made. One of their own cost each claim and each completion a page of its own.
DROP INDEX claims_open;
