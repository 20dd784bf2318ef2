-- What an invite says to the invited person, as JSON: {"message": ..., "inviter_name": ..., "language": ...}, each only
-- if it is given; NULL without any of them.
ALTER TABLE invites ADD COLUMN presentation TEXT;

-- The same of a batch. It can be edited, so the column of an invite takes precedence: {} there means none.
ALTER TABLE shared_fields ADD COLUMN presentation TEXT;
