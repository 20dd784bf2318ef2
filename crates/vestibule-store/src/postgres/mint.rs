//! Minting.

use std::{collections::HashSet, sync::Arc};

use vestibule_core::{
    Action, Authority, Invite, NewInvite, Once, Refusal, Scope, Timestamp, TokenHash, UsernameRefusal,
};

use super::{
    asker::{Asker, judge},
    fault::Fault,
    lane::Lanes,
    once,
    op::{self, Param},
    record::last_event,
    reservation::{held, reserved_for},
    row,
    session::{Session, locked},
    shared::Shared,
};

/// Invites that one statement mints.
const CHUNK: usize = 1_000;

// One statement checks the keys, writes the invites and their events, and answers the numbers of those that it
// minted. The askers of one statement all ask for the same host.
pub(super) const INSERT: &str = concat!(
    "WITH asked AS MATERIALIZED (
         SELECT a.*, row_number() OVER (ORDER BY a.n) AS count
         FROM unnest($1::text[], $2::bytea[], $4::bytea[], $5::bytea[], $6::bytea[], $7::text[], $8::text[],
                     $9::text[], $10::text[], $11::bigint[], $12::bigint[], $13::text[], $14::text[],
                     $15::text[])
              WITH ORDINALITY AS a (key, secret, id, token_hash, token_sealed, kind, username, inviter,
                                    labels, max_uses, expires_at, source, note, data, n)
         WHERE ",
    locked!(),
    "      AND (a.key IS NULL OR (
                   SELECT k.id FROM keys AS k WHERE k.id = a.key AND k.secret = a.secret AND k.host = $3
               ) IS NOT NULL)
           AND (a.username IS NULL OR NOT EXISTS (
                   SELECT FROM invites AS i WHERE i.host = $3 AND i.username = a.username AND ",
    held!("i", "$16::bigint"),
    "      ))
     ), made AS (
         INSERT INTO invites (place, id, host, kind, token_hash, token_sealed, username, inviter, labels,
                              max_uses, created_at, expires_at, source, note, data)
         SELECT coalesce((SELECT place FROM invites WHERE place > ($3::bigint << 40)
                          AND place < (($3::bigint + 1) << 40) ORDER BY place DESC LIMIT 1),
                         $3::bigint << 40) + count,
                id, $3, kind, token_hash, token_sealed, username, inviter, labels, max_uses, $16, expires_at,
                source, note, data
         FROM asked
         RETURNING id, place
     ), said AS (
         INSERT INTO events (place, at, source, action, invite)
         SELECT ",
    last_event!(),
    " + count, $16, source, 'invite.created', id FROM asked
     )
     SELECT a.n, m.place FROM asked AS a JOIN made AS m ON m.id = a.id ORDER BY a.n"
);

/// An invite on its way.
pub(super) struct Wanted {
    new: NewInvite,
    /// What it is, once its moment is known.
    pub(super) invite: Option<Invite>,
}

impl Wanted {
    pub(super) const fn new(new: NewInvite) -> Self {
        Self { new, invite: None }
    }

    const fn hash(&self) -> TokenHash {
        self.new.hash
    }

    /// Works out what it is if it is minted at `now`.
    pub(super) fn settle(
        &mut self,
        shared: &Shared,
        asker: &Asker,
        now: Timestamp,
    ) -> Result<&Invite, Refusal> {
        let policy = shared.options.policies.of(&asker.grant.host).invite_expiry;
        let expires_at = self.new.draft.expires_at(now, policy)?;
        let (host, source) = (asker.grant.host.clone(), asker.grant.source.clone());
        Ok(self.invite.insert(self.new.clone().into_invite(host, source, now, expires_at)))
    }
}

/// The parameters of [`INSERT`], for invites of one host that are settled.
pub(super) fn params<'a>(
    pieces: impl Iterator<Item = (&'a Asker, &'a Wanted)>,
    now: Timestamp,
) -> Vec<Param> {
    let mut columns = Columns::default();
    let mut host = 0;
    for (asker, wanted) in pieces {
        host = asker.host_number;
        if let Some(invite) = &wanted.invite {
            columns.push(asker, invite, wanted.hash());
        }
    }
    let c = columns;
    vec![
        Box::new(c.key),
        Box::new(c.secret),
        Box::new(host),
        Box::new(c.id),
        Box::new(c.hash),
        Box::new(c.sealed),
        Box::new(c.kind),
        Box::new(c.username),
        Box::new(c.inviter),
        Box::new(c.labels),
        Box::new(c.max_uses),
        Box::new(c.expires_at),
        Box::new(c.source),
        Box::new(c.note),
        Box::new(c.data),
        Box::new(now.as_millis()),
    ]
}

/// Invites, column by column.
#[derive(Default)]
struct Columns {
    key: Vec<Option<String>>,
    secret: Vec<Option<Vec<u8>>>,
    id: Vec<Vec<u8>>,
    hash: Vec<Vec<u8>>,
    sealed: Vec<Vec<u8>>,
    kind: Vec<&'static str>,
    username: Vec<Option<String>>,
    inviter: Vec<Option<String>>,
    labels: Vec<Option<String>>,
    max_uses: Vec<Option<i64>>,
    expires_at: Vec<i64>,
    source: Vec<String>,
    note: Vec<Option<String>>,
    data: Vec<Option<String>>,
}

impl Columns {
    fn push(&mut self, asker: &Asker, invite: &Invite, hash: TokenHash) {
        let proof = asker.proof();
        self.key.push(proof.key);
        self.secret.push(proof.secret);
        self.id.push(invite.id.to_bytes().to_vec());
        self.hash.push(hash.as_bytes().to_vec());
        self.sealed.push(invite.sealed_token.clone());
        self.kind.push(invite.kind.as_str());
        self.username.push(invite.username.as_ref().map(|name| name.as_str().to_owned()));
        self.inviter.push(invite.inviter.as_ref().map(|name| name.as_str().to_owned()));
        self.labels.push(row::labels(invite));
        self.max_uses.push(invite.max_uses.map(i64::from));
        self.expires_at.push(invite.expires_at.as_millis());
        self.source.push(invite.source.as_str().to_owned());
        self.note.push(invite.note.clone());
        self.data.push(row::data(invite));
    }
}

pub(super) async fn mint(
    shared: Arc<Shared>,
    lanes: Arc<Lanes>,
    by: Authority,
    invites: Vec<NewInvite>,
    once: Option<Once>,
) -> Result<Vec<Invite>, Fault> {
    let asker = judge(&shared, &by, Scope::InvitesCreate).await?;
    let calls = match &once {
        Some(once) if once::is_known(&shared, &asker, once).await? => 1,
        _ => u32::try_from(invites.len()).unwrap_or(u32::MAX),
    };
    asker.take(&shared, calls).await?;
    if let ([new], None) = (invites.as_slice(), &once)
        && let Some(invite) = lanes.mint(Wanted::new(new.clone()), &asker).await?
    {
        return Ok(vec![invite]);
    }
    let session = op::begin(&shared, &asker).await?;
    let outcome = alone(&session, &asker, invites, once.as_ref()).await;
    session.end(outcome).await
}

/// Mints all or none, and knows why not.
async fn alone(
    session: &Session,
    asker: &Asker,
    news: Vec<NewInvite>,
    once: Option<&Once>,
) -> Result<Vec<Invite>, Fault> {
    if let Some(once) = once
        && let Some(minted) = once::minted_before(session, asker, &news, once).await?
    {
        return Ok(minted);
    }
    let mut names = HashSet::new();
    for username in news.iter().filter_map(|new| new.draft.username.as_ref()) {
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
        let params = params(chunk.iter().map(|wanted| (asker, wanted)), session.now);
        let params: Vec<_> =
            params.iter().map(|param| &**param as &(dyn tokio_postgres::types::ToSql + Sync)).collect();
        let rows = session.query(INSERT, &params).await?;
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
    if let (Some(once), Some(first_place)) = (once, first_place) {
        once::remember(session, asker, &minted, first_place, once).await?;
    }
    Ok(minted)
}
