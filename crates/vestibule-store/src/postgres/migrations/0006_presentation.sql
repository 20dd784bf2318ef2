-- What an invite says to the invited person, as JSON: {"message": ..., "inviter_name": ..., "language": ...}, each only
-- if it is given; NULL or {} without any of them.
ALTER TABLE invites ADD COLUMN presentation text;
