//! Rule 3: completing claims.

use tokio_postgres::Row;
use vestibule_core::{Action, BareJid, ClaimId, Completion, InviteId, Timestamp, Via};

use super::{
    batch_statement::{BatchStatement, ConflictKey, Param, column},
    fragments::{key_exists, last_row_key},
    invites::array,
};
use crate::{
    caller::Caller,
    postgres::{error::EngineError, transactions::begin::locked},
    sql::{Sql, statements},
    verbs::outcome::username_on,
};

statements! {
    // A lapsed, released or replaced claim is completed as well, because the account exists. Over-use equals
    // `rules::exceeds`; the storage suite compares the two.
    const COMPLETE: Sql = concat!(
        "WITH asked AS MATERIALIZED (
             SELECT a.n, a.jid, a.via, a.source, c.id, c.invite, (i.max_uses IS NOT NULL AND
                    i.uses + row_number() OVER (PARTITION BY c.invite ORDER BY a.n) > i.max_uses) AS over_use
             FROM unnest($1::text[], $2::bytea[], $4::bytea[], $5::text[], $6::text[], $7::text[], $8::text[])
                  WITH ORDINALITY AS a (key, secret, claim, name, jid, via, source, n)
             JOIN claims AS c ON c.id = a.claim
             JOIN invites AS i ON i.id = c.invite
             WHERE i.host = $3::bigint AND ",
        locked!(),
        "      AND ",
        key_exists!(),
        "      AND c.outcome IS DISTINCT FROM 'completed' AND (c.username IS NULL OR c.username = a.name)
         ), done AS (
             UPDATE claims AS c SET outcome = 'completed', ended_at = $9::bigint, jid = asked.jid,
                    via = asked.via, over_use = asked.over_use
             FROM asked WHERE c.id = asked.id
         ), spent AS (
             UPDATE invites AS i SET uses = i.uses + more.uses, used_at = $9
             FROM (SELECT invite, count(*) AS uses FROM asked GROUP BY invite) AS more WHERE i.id = more.invite
         ), said AS (
             INSERT INTO events (place, at, source, action, invite, detail)
             SELECT ",
        last_row_key!("events"),
        " + row_number() OVER (ORDER BY asked.n, what.n), $9, source, what.action, invite, jid
             FROM asked, (VALUES (1, 'invite.redeemed'), (2, 'invite.over-used')) AS what (n, action)
             WHERE what.n = 1 OR asked.over_use
         )
         SELECT n, invite, over_use FROM asked"
    );
}

/// The completion of a claim in a batch.
#[derive(Clone)]
pub(in crate::postgres) struct CompleteRequest {
    pub(in crate::postgres) claim: ClaimId,
    pub(in crate::postgres) jid: BareJid,
    pub(in crate::postgres) via: Via,
}

impl BatchStatement for CompleteRequest {
    type Answer = Completion;

    const SQL: Sql = COMPLETE;

    fn conflict_keys(&self) -> Vec<ConflictKey> {
        vec![self.claim.to_bytes().to_vec()]
    }

    fn params(items: &[(&Caller, &Self)], now: Timestamp) -> Vec<Param> {
        vec![
            column(items, |(_, done)| done.claim.to_bytes().to_vec()),
            column(items, |(caller, done)| username_on(&done.jid, &caller.auth.host).map(str::to_owned)),
            column(items, |(_, done)| done.jid.as_str().to_owned()),
            column(items, |(_, done)| done.via.as_str().to_owned()),
            column(items, |(caller, _)| caller.auth.source.as_str().to_owned()),
            Box::new(now.as_millis()),
        ]
    }

    fn read(&mut self, row: &Row, _: Timestamp) -> Result<Completion, EngineError> {
        let invite = InviteId::from_bytes(array(row, 1)?);
        let over_use = row.try_get(2)?;
        if over_use {
            let jid = self.jid.as_str();
            tracing::warn!(%invite, jid, "an invite was used more often than it allows");
        }
        Ok(Completion { invite, over_use })
    }

    fn actions(done: &Completion) -> Vec<Action> {
        let mut actions = vec![Action::InviteRedeemed];
        actions.extend(done.over_use.then_some(Action::InviteOverused));
        actions
    }
}
