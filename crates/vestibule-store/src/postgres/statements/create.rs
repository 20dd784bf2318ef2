//! Creating invites.

use std::collections::HashSet;

use tokio_postgres::Row;
use vestibule_core::{
    Action, IdempotencyKey, Invite, NewInvite, Timestamp, TokenHash, Username, UsernameRefusal,
};

use super::{
    batch_statement::{BatchStatement, ConflictKey, Param, column, execute},
    fragments::{key_exists, last_row_key, pending},
    inviters::not_stopped,
    invites::{data, labels},
};
use crate::{
    caller::Caller,
    postgres::{
        error::EngineError,
        transactions::{begin::locked, engine::EngineContext, transaction::Transaction},
    },
    presentation,
    sql::{Sql, statements},
    verbs::{
        create::{ensure_free, reserving, to_invite},
        idempotency, inviters,
    },
};

statements! {
    // Writes invites and their events, and returns the numbers of the items that it wrote. All items are of one host.
    const INSERT: Sql = concat!(
        "WITH asked AS MATERIALIZED (
             SELECT a.*, row_number() OVER (ORDER BY a.n) AS count, ",
        last_row_key!("invites"),
        " AS last
             FROM unnest($1::text[], $2::bytea[], $4::bytea[], $5::bytea[], $6::bytea[], $7::text[], $8::text[],
                         $9::text[], $10::text[], $11::bigint[], $12::bigint[], $13::text[], $14::text[],
                         $15::text[], $17::text[])
                  WITH ORDINALITY AS a (key, secret, id, token_hash, token_sealed, kind, username, inviter,
                                        labels, max_uses, expires_at, source, note, data, presentation, n)
             WHERE ",
        locked!(),
        "      AND ",
        key_exists!(),
        "      AND ",
        not_stopped!(),
        "      AND (a.username IS NULL OR a.kind = 'password-reset' OR NOT EXISTS (
                       SELECT FROM invites AS i WHERE i.host = $3 AND i.username = a.username
                       AND i.kind <> 'password-reset' AND ",
        pending!("i", "$16::bigint"),
        "      ))
         ), made AS (
             INSERT INTO invites (place, id, host, kind, token_hash, token_sealed, username, inviter, labels,
                                  max_uses, created_at, expires_at, source, note, data, presentation, by_member)
             SELECT last + count, id, $3, kind, token_hash, token_sealed, username, inviter, labels, max_uses, $16,
                    expires_at, source, note, data, presentation, key IS NOT NULL AND inviter IS NOT NULL
             FROM asked
         ), ended AS (
             UPDATE invites AS old SET revoked_at = $16 FROM asked
             WHERE asked.kind = 'password-reset' AND old.host = $3 AND old.username = asked.username
               AND old.kind = 'password-reset' AND ",
        pending!("old", "$16"),
        "    RETURNING old.id, asked.source
         ), said AS (
             INSERT INTO events (place, at, source, action, invite)
             SELECT ",
        last_row_key!("events"),
        " + row_number() OVER (ORDER BY what.n), $16, what.source, what.action, what.id
             FROM (SELECT n, source, 'invite.created' AS action, id FROM asked
                   UNION ALL SELECT 0, source, 'invite.revoked', id FROM ended) AS what
         )
         SELECT n, last + count FROM asked ORDER BY n"
    );
}

/// A new invite in a batch.
pub(in crate::postgres) struct CreateRequest {
    new: NewInvite,
    /// The invite, once its time is known.
    invite: Option<Invite>,
}

impl CreateRequest {
    pub(in crate::postgres) const fn new(new: NewInvite) -> Self {
        Self { new, invite: None }
    }
}

impl BatchStatement for CreateRequest {
    type Answer = Invite;

    const SQL: Sql = INSERT;

    fn resolve(
        &mut self,
        engine: &EngineContext,
        caller: &Caller,
        now: Timestamp,
    ) -> Result<(), EngineError> {
        self.invite = Some(to_invite(&self.new, caller, &engine.options.policies, now)?);
        Ok(())
    }

    // Of two invites for one username, the second must see the first.
    fn conflict_keys(&self) -> Vec<ConflictKey> {
        self.new.draft.username.iter().map(|name| name.as_str().as_bytes().to_vec()).collect()
    }

    fn params(items: &[(&Caller, &Self)], now: Timestamp) -> Vec<Param> {
        let invites: Vec<(&Invite, TokenHash)> =
            items.iter().filter_map(|(_, wanted)| Some((wanted.invite.as_ref()?, wanted.new.hash))).collect();
        let text = |name: &Username| name.as_str().to_owned();
        vec![
            column(&invites, |(invite, _)| invite.id.to_bytes().to_vec()),
            column(&invites, |(_, hash)| hash.as_bytes().to_vec()),
            column(&invites, |(invite, _)| invite.sealed_token.clone()),
            column(&invites, |(invite, _)| invite.kind.as_str()),
            column(&invites, |(invite, _)| invite.username.as_ref().map(text)),
            column(&invites, |(invite, _)| invite.inviter.as_ref().map(text)),
            column(&invites, |(invite, _)| labels(invite)),
            column(&invites, |(invite, _)| invite.max_uses.map(i64::from)),
            column(&invites, |(invite, _)| invite.expires_at.as_millis()),
            column(&invites, |(invite, _)| invite.source.as_str().to_owned()),
            column(&invites, |(invite, _)| invite.note.clone()),
            column(&invites, |(invite, _)| data(invite)),
            Box::new(now.as_millis()),
            column(&invites, |(invite, _)| presentation::to_text(invite)),
        ]
    }

    fn read(&mut self, _: &Row, _: Timestamp) -> Result<Invite, EngineError> {
        self.invite.take().ok_or_else(|| EngineError::Corrupt("an invite was created twice".to_owned()))
    }

    fn actions(_: &Invite) -> Vec<Action> {
        vec![Action::InviteCreated]
    }
}

/// Invites that one statement creates.
const CHUNK: usize = 1_000;

/// Creates all invites or none, under the lock of their host.
pub(in crate::postgres) async fn create_under_lock(
    tx: &Transaction,
    caller: &Caller,
    new_invites: Vec<NewInvite>,
    key: Option<&IdempotencyKey>,
) -> Result<Vec<Invite>, EngineError> {
    if let Some(key) = key
        && let Some(created) = idempotency::created_before(tx, caller, &new_invites, key).await?
    {
        return Ok(created);
    }
    inviters::ensure_allowed(tx, caller, new_invites.iter().map(|new| &new.draft)).await?;
    let mut names = HashSet::new();
    for username in reserving(&new_invites) {
        ensure_free(tx, caller, username).await?;
        if !names.insert(username) {
            return Err(UsernameRefusal::Reserved.into());
        }
    }
    let mut created = Vec::with_capacity(new_invites.len());
    let mut first_row_key = None;
    let mut new_invites = new_invites.into_iter();
    while !new_invites.as_slice().is_empty() {
        let mut chunk: Vec<_> = new_invites.by_ref().take(CHUNK).map(CreateRequest::new).collect();
        for request in &mut chunk {
            request.resolve(&tx.engine, caller, tx.now)?;
        }
        let items: Vec<_> = chunk.iter().map(|request| (caller, request)).collect();
        let rows = execute(tx, &items).await?;
        if rows.len() != chunk.len() {
            return Err(EngineError::Corrupt(format!(
                "{} invites of {} were created",
                rows.len(),
                chunk.len()
            )));
        }
        if let (None, Some(row)) = (first_row_key, rows.first()) {
            first_row_key = Some(row.try_get(1)?);
        }
        created.extend(chunk.into_iter().filter_map(|request| request.invite));
    }
    for _ in &created {
        tx.count_action(caller.host_number, Action::InviteCreated);
    }
    if let (Some(key), Some(first_row_key), Some(first)) = (key, first_row_key, created.first()) {
        idempotency::store(tx, caller, first, created.len(), first_row_key, key).await?;
    }
    Ok(created)
}
