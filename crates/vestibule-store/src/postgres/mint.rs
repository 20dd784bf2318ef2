//! Minting.

use std::{collections::HashSet, sync::Arc};

use tokio_postgres::Row;
use vestibule_core::{
    Action, IdempotencyKey, Invite, Kind, NewInvite, Principal, Timestamp, TokenHash, Username,
    UsernameRefusal,
};

use super::{
    asker::{Asker, judge, proved},
    fault::Fault,
    idempotency,
    lane::Lanes,
    op::{self, Op, Param, Touched, column},
    record::last_place,
    reservation::{held, reserved_for},
    row,
    session::{Session, locked},
    shared::Shared,
    work::{Piece, Work},
};

// One statement checks the keys, writes the invites and their events, and answers the numbers of those that it
// minted. The askers of one statement all ask for the same host.
const INSERT: &str = concat!(
    "WITH asked AS MATERIALIZED (
         SELECT a.*, row_number() OVER (ORDER BY a.n) AS count, ",
    last_place!("invites"),
    " AS last
         FROM unnest($1::text[], $2::bytea[], $4::bytea[], $5::bytea[], $6::bytea[], $7::text[], $8::text[],
                     $9::text[], $10::text[], $11::bigint[], $12::bigint[], $13::text[], $14::text[],
                     $15::text[])
              WITH ORDINALITY AS a (key, secret, id, token_hash, token_sealed, kind, username, inviter,
                                    labels, max_uses, expires_at, source, note, data, n)
         WHERE ",
    locked!(),
    "      AND ",
    proved!(),
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
    last_place!("events"),
    " + row_number() OVER (ORDER BY what.n), $16, what.source, what.action, what.id
         FROM (SELECT n, source, 'invite.created' AS action, id FROM asked
               UNION ALL SELECT 0, source, 'invite.revoked', id FROM ended) AS what
     )
     SELECT n, last + count FROM asked ORDER BY n"
);

/// An invite on its way.
pub(super) struct Wanted {
    new: NewInvite,
    /// What it is, once its moment is known.
    invite: Option<Invite>,
}

impl Wanted {
    pub(super) const fn new(new: NewInvite) -> Self {
        Self { new, invite: None }
    }
}

impl Op for Wanted {
    type Answer = Invite;

    const WORK: fn(Box<Piece<Self>>) -> Work = Work::Mint;

    const SQL: &'static str = INSERT;

    fn settle(&mut self, shared: &Shared, asker: &Asker, now: Timestamp) -> Result<(), Fault> {
        let policy = shared.options.policies.of(&asker.grant.host);
        self.new.draft.check_username(policy)?;
        let expires_at = self.new.draft.expires_at(now, policy)?;
        let (host, source) = (asker.grant.host.clone(), asker.grant.source.clone());
        self.invite = Some(self.new.clone().into_invite(host, source, now, expires_at));
        Ok(())
    }

    // Of two invites for one username, the second must see that the first has it.
    fn touches(&self) -> Vec<Touched> {
        self.new.draft.username.iter().map(|name| name.as_str().as_bytes().to_vec()).collect()
    }

    fn params(pieces: &[(&Asker, &Self)], now: Timestamp) -> Vec<Param> {
        let invites: Vec<(&Invite, TokenHash)> = pieces
            .iter()
            .filter_map(|(_, wanted)| Some((wanted.invite.as_ref()?, wanted.new.hash)))
            .collect();
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

    fn read(&mut self, _: &Row, _: Timestamp) -> Result<Invite, Fault> {
        self.invite.take().ok_or_else(|| Fault::Corrupt("an invite was minted twice".to_owned()))
    }

    fn happened(_: &Invite) -> Vec<Action> {
        vec![Action::InviteCreated]
    }
}

pub(super) async fn mint(
    shared: Arc<Shared>,
    lanes: Arc<Lanes>,
    by: Principal,
    invites: Vec<NewInvite>,
    idempotency_key: Option<IdempotencyKey>,
) -> Result<Vec<Invite>, Fault> {
    let needed = invites.iter().flat_map(|new| new.draft.needed_scopes().iter()).collect();
    let asker = judge(&shared, &by, needed).await?;
    let calls = match &idempotency_key {
        Some(idempotency_key) if idempotency::is_known(&shared, &asker, idempotency_key).await? => 1,
        _ => u32::try_from(invites.len()).unwrap_or(u32::MAX),
    };
    asker.take(&shared, calls).await?;
    if let ([new], None) = (invites.as_slice(), &idempotency_key)
        && let Some(invite) = lanes.offer(Wanted::new(new.clone()), &asker).await?
    {
        return Ok(vec![invite]);
    }
    if idempotency_key.is_none() {
        look(&shared, &asker, &invites).await?;
    }
    let session = op::begin(&shared, &asker).await?;
    let outcome = alone(&session, &asker, invites, idempotency_key.as_ref()).await;
    session.end(outcome).await
}

/// Refuses names that are reserved by now, without the host's lock.
async fn look(shared: &Arc<Shared>, asker: &Asker, news: &[NewInvite]) -> Result<(), Fault> {
    let (_turn, session) = op::look(shared, asker).await?;
    let outcome = async {
        let reserving = news.iter().filter(|new| new.draft.kind != Kind::PasswordReset);
        for username in reserving.filter_map(|new| new.draft.username.as_ref()) {
            if reserved_for(&session, asker.host_number, username).await?.is_some() {
                return Err(UsernameRefusal::Reserved.into());
            }
        }
        Ok(())
    };
    let outcome = outcome.await;
    session.end(outcome).await
}

/// Invites that one statement mints when many are asked for at once.
const CHUNK: usize = 1_000;

/// Mints all or none, and knows why not.
async fn alone(
    session: &Session,
    asker: &Asker,
    news: Vec<NewInvite>,
    idempotency_key: Option<&IdempotencyKey>,
) -> Result<Vec<Invite>, Fault> {
    if let Some(idempotency_key) = idempotency_key
        && let Some(minted) = idempotency::minted_before(session, asker, &news, idempotency_key).await?
    {
        return Ok(minted);
    }
    let mut names = HashSet::new();
    let reserving = news.iter().filter(|new| new.draft.kind != Kind::PasswordReset);
    for username in reserving.filter_map(|new| new.draft.username.as_ref()) {
        let held = reserved_for(session, asker.host_number, username).await?.is_some();
        if held || !names.insert(username.clone()) {
            return Err(UsernameRefusal::Reserved.into());
        }
    }
    let mut minted = Vec::with_capacity(news.len());
    let mut first_place = None;
    let mut news = news.into_iter();
    while !news.as_slice().is_empty() {
        let mut chunk: Vec<_> = news.by_ref().take(CHUNK).map(Wanted::new).collect();
        for wanted in &mut chunk {
            wanted.settle(&session.shared, asker, session.now)?;
        }
        let pieces: Vec<_> = chunk.iter().map(|wanted| (asker, wanted)).collect();
        let rows = op::run(session, &pieces).await?;
        if rows.len() != chunk.len() {
            return Err(Fault::Corrupt(format!("{} invites of {} were minted", rows.len(), chunk.len())));
        }
        if let (None, Some(row)) = (first_place, rows.first()) {
            first_place = Some(row.try_get(1)?);
        }
        minted.extend(chunk.into_iter().filter_map(|wanted| wanted.invite));
    }
    for _ in &minted {
        session.tally(asker.host_number, Action::InviteCreated);
    }
    if let (Some(idempotency_key), Some(first_place)) = (idempotency_key, first_place) {
        idempotency::remember(session, asker, &minted, first_place, idempotency_key).await?;
    }
    Ok(minted)
}
