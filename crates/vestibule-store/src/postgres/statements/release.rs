//! Rule 4: releasing claims.

use tokio_postgres::Row;
use vestibule_core::{Action, ClaimId, Timestamp};

use super::{
    batch_statement::{BatchStatement, ConflictKey, Param, column},
    claims::count_failed,
    fragments::{key_exists, last_row_key},
};
use crate::{
    caller::Caller,
    postgres::{error::EngineError, transactions::begin::locked},
    sql::{Sql, statements},
    verbs::claim::failed_window,
};

statements! {
    const RELEASE: Sql = concat!(
        "WITH asked AS MATERIALIZED (
             SELECT a.n, a.source, c.id, c.invite, c.username, row_number() OVER (ORDER BY a.n) AS count
             FROM unnest($1::text[], $2::bytea[], $4::bytea[], $5::text[])
                  WITH ORDINALITY AS a (key, secret, claim, source, n)
             JOIN claims AS c ON c.id = a.claim
             JOIN invites AS i ON i.id = c.invite
             WHERE c.outcome IS NULL AND i.host = $3::bigint AND ",
        locked!(),
        "      AND ",
        key_exists!(),
        "), released AS (
             UPDATE claims AS c SET outcome = 'released', ended_at = $6::bigint FROM asked WHERE c.id = asked.id
         ), failed AS (",
        count_failed!("asked", "$7::bigint", "$6"),
        "), said AS (
             INSERT INTO events (place, at, source, action, invite, detail)
             SELECT ",
        last_row_key!("events"),
        " + count, $6, source, 'invite.released', invite, username FROM asked
         )
         SELECT n FROM asked"
    );
}

/// The release of a claim in a batch.
pub(in crate::postgres) struct ReleaseRequest(pub(in crate::postgres) ClaimId);

impl BatchStatement for ReleaseRequest {
    type Answer = ();

    const SQL: Sql = RELEASE;

    fn conflict_keys(&self) -> Vec<ConflictKey> {
        vec![self.0.to_bytes().to_vec()]
    }

    fn params(items: &[(&Caller, &Self)], now: Timestamp) -> Vec<Param> {
        vec![
            column(items, |(_, released)| released.0.to_bytes().to_vec()),
            column(items, |(caller, _)| caller.auth.source.as_str().to_owned()),
            Box::new(now.as_millis()),
            Box::new(failed_window(now).as_millis()),
        ]
    }

    fn read(&mut self, _: &Row, _: Timestamp) -> Result<(), EngineError> {
        Ok(())
    }

    fn actions((): &()) -> Vec<Action> {
        vec![Action::InviteReleased]
    }
}
