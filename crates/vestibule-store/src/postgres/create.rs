//! Minting.

use std::{collections::HashSet, sync::Arc};

use tokio_postgres::Row;
use vestibule_core::{
    Action, IdempotencyKey, Invite, Kind, NewInvite, Principal, Timestamp, TokenHash, Username,
    UsernameRefusal,
};

use super::{
    audit::last_row_key,
    batch_statement::{self, BatchStatement, ConflictKey, Param, column},
    batcher::Batcher,
    caller::{Caller, authorize, key_is_valid},
    engine_context::EngineContext,
    engine_error::EngineError,
    idempotency,
    item::{AnyItem, Item},
    reservation::{held, reserved_for},
    row,
    transaction::{Transaction, locked},
};

// One statement checks the keys, writes the invites and their events, and answers the numbers of those that it
// minted. The askers of one statement all ask for the same host.
const INSERT: &str = concat!(
    "WITH asked AS MATERIALIZED (
         SELECT a.*, row_number() OVER (ORDER BY a.n) AS count, ",
    last_row_key!("invites"),
    " AS last
         FROM unnest($1::text[], $2::bytea[], $4::bytea[], $5::bytea[], $6::bytea[], $7::text[], $8::text[],
                     $9::text[], $10::text[], $11::bigint[], $12::bigint[], $13::text[], $14::text[],
                     $15::text[])
              WITH ORDINALITY AS a (key, secret, id, token_hash, token_sealed, kind, username, inviter,
                                    labels, max_uses, expires_at, source, note, data, n)
         WHERE ",
    locked!(),
    "      AND ",
    key_is_valid!(),
    "      AND (a.username IS NULL OR a.kind = 'password-reset' OR NOT EXISTS (
                   SELECT FROM invites AS i WHERE i.host = $3 AND i.username = a.username
                   AND i.kind <> 'password-reset' AND ",
    held!("i", "$16::bigint"),
    "      ))
     ), made AS (
         INSERT INTO invites (place, id, host, kind, token_hash, token_sealed, username, inviter, labels,
                              max_uses, created_at, expires_at, source, note, data)
         SELECT last + count, id, $3, kind, token_hash, token_sealed, username, inviter, labels, max_uses, $16,
                expires_at, source, note, data
         FROM asked
     ), ended AS (
         UPDATE invites AS old SET revoked_at = $16 FROM asked
         WHERE asked.kind = 'password-reset' AND old.host = $3 AND old.username = asked.username
           AND old.kind = 'password-reset' AND ",
    held!("old", "$16"),
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

/// An invite on its way.
pub(super) struct CreateRequest {
    new: NewInvite,
    /// What it is, once its moment is known.
    invite: Option<Invite>,
}

impl CreateRequest {
    pub(super) const fn new(new: NewInvite) -> Self {
        Self { new, invite: None }
    }
}

impl BatchStatement for CreateRequest {
    type Answer = Invite;

    const WORK: fn(Box<Item<Self>>) -> AnyItem = AnyItem::Mint;

    const SQL: &'static str = INSERT;

    fn resolve(
        &mut self,
        engine: &EngineContext,
        caller: &Caller,
        now: Timestamp,
    ) -> Result<(), EngineError> {
        let policy = engine.options.policies.of(&caller.auth.host);
        self.new.draft.check_username(policy)?;
        let expires_at = self.new.draft.expires_at(now, policy)?;
        let (host, source) = (caller.auth.host.clone(), caller.auth.source.clone());
        self.invite = Some(self.new.clone().into_invite(host, source, now, expires_at));
        Ok(())
    }

    // Of two invites for one username, the second must see that the first has it.
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
            column(&invites, |(invite, _)| row::labels(invite)),
            column(&invites, |(invite, _)| invite.max_uses.map(i64::from)),
            column(&invites, |(invite, _)| invite.expires_at.as_millis()),
            column(&invites, |(invite, _)| invite.source.as_str().to_owned()),
            column(&invites, |(invite, _)| invite.note.clone()),
            column(&invites, |(invite, _)| row::data(invite)),
            Box::new(now.as_millis()),
        ]
    }

    fn read(&mut self, _: &Row, _: Timestamp) -> Result<Invite, EngineError> {
        self.invite.take().ok_or_else(|| EngineError::Corrupt("an invite was minted twice".to_owned()))
    }

    fn actions(_: &Invite) -> Vec<Action> {
        vec![Action::InviteCreated]
    }
}

pub(super) async fn mint(
    engine: Arc<EngineContext>,
    batcher: Arc<Batcher>,
    by: Principal,
    invites: Vec<NewInvite>,
    idempotency_key: Option<IdempotencyKey>,
) -> Result<Vec<Invite>, EngineError> {
    let needed = invites.iter().flat_map(|new| new.draft.needed_scopes().iter()).collect();
    let caller = authorize(&engine, &by, needed).await?;
    let calls = match &idempotency_key {
        Some(idempotency_key) if idempotency::is_known(&engine, &caller, idempotency_key).await? => 1,
        _ => u32::try_from(invites.len()).unwrap_or(u32::MAX),
    };
    caller.take(&engine, calls).await?;
    if let ([new], None) = (invites.as_slice(), &idempotency_key)
        && let Some(invite) = batcher.submit(CreateRequest::new(new.clone()), &caller).await?
    {
        return Ok(vec![invite]);
    }
    if idempotency_key.is_none() {
        look(&engine, &caller, &invites).await?;
    }
    let tx = batch_statement::begin(&engine, &caller).await?;
    let outcome = alone(&tx, &caller, invites, idempotency_key.as_ref()).await;
    tx.end(outcome).await
}

/// Refuses names that are reserved by now, without the host's lock.
async fn look(engine: &Arc<EngineContext>, caller: &Caller, news: &[NewInvite]) -> Result<(), EngineError> {
    let (_turn, tx) = batch_statement::look(engine, caller).await?;
    let outcome = async {
        let reserving = news.iter().filter(|new| new.draft.kind != Kind::PasswordReset);
        for username in reserving.filter_map(|new| new.draft.username.as_ref()) {
            if reserved_for(&tx, caller.host_number, username).await?.is_some() {
                return Err(UsernameRefusal::Reserved.into());
            }
        }
        Ok(())
    };
    let outcome = outcome.await;
    tx.end(outcome).await
}

/// Invites that one statement mints when many are asked for at once.
const CHUNK: usize = 1_000;

/// Mints all or none, and knows why not.
async fn alone(
    tx: &Transaction,
    caller: &Caller,
    news: Vec<NewInvite>,
    idempotency_key: Option<&IdempotencyKey>,
) -> Result<Vec<Invite>, EngineError> {
    if let Some(idempotency_key) = idempotency_key
        && let Some(minted) = idempotency::minted_before(tx, caller, &news, idempotency_key).await?
    {
        return Ok(minted);
    }
    let mut names = HashSet::new();
    let reserving = news.iter().filter(|new| new.draft.kind != Kind::PasswordReset);
    for username in reserving.filter_map(|new| new.draft.username.as_ref()) {
        let held = reserved_for(tx, caller.host_number, username).await?.is_some();
        if held || !names.insert(username.clone()) {
            return Err(UsernameRefusal::Reserved.into());
        }
    }
    let mut minted = Vec::with_capacity(news.len());
    let mut first_row_key = None;
    let mut news = news.into_iter();
    while !news.as_slice().is_empty() {
        let mut chunk: Vec<_> = news.by_ref().take(CHUNK).map(CreateRequest::new).collect();
        for wanted in &mut chunk {
            wanted.resolve(&tx.engine, caller, tx.now)?;
        }
        let items: Vec<_> = chunk.iter().map(|wanted| (caller, wanted)).collect();
        let rows = batch_statement::run(tx, &items).await?;
        if rows.len() != chunk.len() {
            return Err(EngineError::Corrupt(format!(
                "{} invites of {} were minted",
                rows.len(),
                chunk.len()
            )));
        }
        if let (None, Some(row)) = (first_row_key, rows.first()) {
            first_row_key = Some(row.try_get(1)?);
        }
        minted.extend(chunk.into_iter().filter_map(|wanted| wanted.invite));
    }
    for _ in &minted {
        tx.action_counts(caller.host_number, Action::InviteCreated);
    }
    if let (Some(idempotency_key), Some(first_row_key)) = (idempotency_key, first_row_key) {
        idempotency::remember(tx, caller, &minted, first_row_key, idempotency_key).await?;
    }
    Ok(minted)
}
