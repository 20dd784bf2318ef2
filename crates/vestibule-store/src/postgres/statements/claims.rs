//! Claims: rule 2 in one statement, and the rows that tell why it granted nothing.

use tokio_postgres::Row;
use vestibule_core::{
    Action, Claim, ClaimId, InviteId, LEASE, MAX_CLAIMS_PER_GRANT, MAX_OPEN_CLAIMS, NewClaim, OpenClaim,
    OpenClaims, PreauthGrant, Redemption, Timestamp, Username, Via, rules::PREAUTH_GRANT_LIFETIME,
};

use super::{
    batch_statement::{BatchStatement, ConflictKey, Param, column},
    fragments::{key_exists, last_row_key, pending},
    invites::array,
};
use crate::{
    caller::Caller,
    postgres::{
        error::EngineError,
        transactions::{begin::locked, engine::EngineContext, transaction::Transaction},
    },
    sql::{Sql, statements},
    verbs::{
        claim::{ensure_recent, failed_window, oldest_live, oldest_of_grant},
        rows::{ClaimRows, LiveClaimRows, PageRow, StoredClaim},
    },
};

/// Counts failed claims, the rows of `$rows`, against their invites.
macro_rules! count_failed {
    ($rows:literal, $window:literal, $now:literal) => {
        concat!(
            "UPDATE invites AS i SET
                 failed_claims = CASE WHEN i.failed_since > ",
            $window,
            " THEN i.failed_claims ELSE 0 END + more.count,
                 failed_since = CASE WHEN i.failed_since > ",
            $window,
            " THEN i.failed_since ELSE ",
            $now,
            " END
             FROM (SELECT invite, count(*) AS count FROM ",
            $rows,
            " GROUP BY invite) AS more WHERE i.id = more.invite"
        )
    };
}
pub(super) use count_failed;

statements! {
    // The statement that takes a use has every condition, in the order of the rules.
    const TAKE: Sql = concat!(
        "WITH asked AS MATERIALIZED (
             SELECT a.*, row_number() OVER (ORDER BY a.n) AS count
             FROM unnest($1::text[], $2::bytea[], $4::bytea[], $5::bytea[], $6::bytea[], $7::text[], $8::bytea[],
                         $9::bigint[], $10::text[], $14::bytea[], $15::bytea[], $16::boolean[],
                         $20::text[])
                  WITH ORDINALITY AS a (key, secret, id, invite, token_hash, username, admission, admitted_at,
                                        source, since_admission, replaces, forbidden, via, n)
             JOIN invites AS i ON i.id = a.invite
             WHERE i.token_hash = a.token_hash AND i.host = $3::bigint AND ",
        locked!(),
        "      AND ",
        key_exists!(),
        "      AND i.revoked_at IS NULL
               AND (i.max_uses IS NULL OR i.max_uses > i.uses + (
                     SELECT count(*) FROM claims AS c
                     WHERE c.invite = i.id AND c.id > $19::bytea AND c.outcome IS NULL
                       AND c.lease_until > $11::bigint
                       AND c.id IS DISTINCT FROM a.replaces))
               AND NOT EXISTS (
                     SELECT FROM claims AS c
                     WHERE c.admission = a.admission AND c.outcome IS NULL AND c.lease_until > $11
                       AND c.id IS DISTINCT FROM a.replaces)
               AND (a.admission IS NULL OR $17::bigint > (
                     SELECT count(*) FROM claims AS c
                     WHERE c.invite = i.id AND c.id > a.since_admission AND c.admission = a.admission))
               AND (i.failed_since <= $18::bigint OR i.failed_claims < 1000)
               AND (i.expires_at > $11 OR (a.admitted_at < i.expires_at AND a.admitted_at > $11 - $12::bigint))
               AND CASE WHEN a.username IS NULL THEN i.kind IN ('contact', 'account-and-contact')
                        ELSE i.kind <> 'contact' END
               AND (i.username = a.username OR (i.username IS NULL AND NOT a.forbidden))
               AND (a.username IS NULL OR i.kind = 'password-reset' OR NOT EXISTS (
                     SELECT FROM invites AS other
                     WHERE other.host = $3 AND other.username = a.username AND other.kind <> 'password-reset'
                       AND other.id <> i.id AND ",
        pending!("other", "$11"),
        "      ))
         ), taken AS (
             INSERT INTO claims (id, invite, username, admission, claimed_at, lease_until, via)
             SELECT id, invite, username, admission, $11, $13::bigint, via FROM asked
         ), replaced AS (
             UPDATE claims AS old SET outcome = 'replaced', ended_at = $11
             FROM asked WHERE old.id = asked.replaces AND old.invite = asked.invite AND old.outcome IS NULL
             RETURNING old.invite
         ), failed AS (",
        count_failed!("replaced", "$18", "$11"),
        "), said AS (
             INSERT INTO events (place, at, source, action, invite, detail)
             SELECT ",
        last_row_key!("events"),
        " + count, $11, source, 'invite.claimed', invite, username FROM asked
         )
         SELECT n FROM asked"
    );

    const FIND: Sql = "SELECT c.invite, c.outcome, c.over_use, c.username, c.jid, i.place, i.uses, i.max_uses \
         FROM claims AS c JOIN invites AS i ON i.id = c.invite WHERE c.id = $1 AND i.host = $2";

    const OF_GRANT: Sql = "SELECT c.id, c.lease_until FROM claims AS c JOIN invites AS i ON i.id = c.invite \
         WHERE c.admission = $1::bytea AND c.outcome IS NULL AND c.lease_until > $2 \
         AND c.username IS NOT DISTINCT FROM $3::text AND i.host = $4";

    const LIVE: Sql = "SELECT count(*), min(lease_until), coalesce(bool_or(admission = $3::bytea), false) \
         FROM claims WHERE invite = $1 AND id > $5::bytea AND outcome IS NULL AND lease_until > $2 \
         AND id IS DISTINCT FROM $4::bytea";

    const COUNT_OF_GRANT: Sql =
        "SELECT count(*) FROM claims WHERE invite = $1 AND id > $2::bytea AND admission = $3::bytea";

    const FAILED: Sql = "SELECT failed_claims, failed_since FROM invites WHERE id = $1";

    const OPEN_OF_INVITE: Sql = "SELECT c.id, c.invite, c.username, c.via, c.admission, c.lease_until \
         FROM claims AS c JOIN invites AS i ON i.id = c.invite \
         WHERE c.invite = $2::bytea AND c.outcome IS NULL AND c.via IS NOT NULL AND c.username IS NOT NULL \
         AND i.host = $1 ORDER BY c.id LIMIT $3";

    const OPEN_SINCE: Sql = "SELECT c.id, c.invite, c.username, c.via, c.admission, c.lease_until \
         FROM claims AS c JOIN invites AS i ON i.id = c.invite \
         WHERE c.id >= $2::bytea AND c.outcome IS NULL AND c.via IS NOT NULL AND c.username IS NOT NULL \
         AND i.host = $1 ORDER BY c.id LIMIT $3";

    const REDEMPTIONS: Sql = "SELECT id, username, jid, via, ended_at, over_use FROM claims \
         WHERE invite = $1 AND id < $2 AND outcome = 'completed' ORDER BY id DESC LIMIT $3";
}

/// A claim in a batch.
#[derive(Clone)]
pub(in crate::postgres) struct ClaimRequest {
    pub(in crate::postgres) claim: NewClaim,
    /// Whether the host forbids new accounts of this name.
    pub(in crate::postgres) is_forbidden: bool,
}

impl BatchStatement for ClaimRequest {
    type Answer = Claim;

    const SQL: Sql = TAKE;

    fn resolve(&mut self, engine: &EngineContext, _: &Caller, now: Timestamp) -> Result<(), EngineError> {
        // A lease must not end early, or its use would be granted twice.
        if engine.clock.is_settling() {
            return Err(EngineError::Unavailable(
                "the database's clock was set forward a moment ago".to_owned(),
            ));
        }
        ensure_recent(&self.claim, now)
    }

    // Claims of an invite are counted, and those under a grant, which is for one invite, are replaced.
    fn conflict_keys(&self) -> Vec<ConflictKey> {
        vec![self.claim.token.id.to_bytes().to_vec()]
    }

    fn params(items: &[(&Caller, &Self)], now: Timestamp) -> Vec<Param> {
        vec![
            column(items, |(_, asked)| asked.claim.id.to_bytes().to_vec()),
            column(items, |(_, asked)| asked.claim.token.id.to_bytes().to_vec()),
            column(items, |(_, asked)| asked.claim.token.hash.as_bytes().to_vec()),
            column(items, |(_, asked)| asked.claim.username.as_ref().map(|name| name.as_str().to_owned())),
            column(items, |(_, asked)| asked.claim.admission.map(|grant| grant.id.to_vec())),
            column(items, |(_, asked)| asked.claim.admission.map(|grant| grant.at.as_millis())),
            column(items, |(caller, _)| caller.auth.source.as_str().to_owned()),
            Box::new(now.as_millis()),
            Box::new(i64::try_from(PREAUTH_GRANT_LIFETIME.as_millis()).unwrap_or(i64::MAX)),
            Box::new(now.plus(LEASE).as_millis()),
            column(items, |(_, asked)| {
                asked.claim.admission.map(|given| oldest_of_grant(given).to_bytes().to_vec())
            }),
            column(items, |(_, asked)| asked.claim.replaces.map(|id| id.to_bytes().to_vec())),
            column(items, |(_, asked)| asked.is_forbidden),
            Box::new(i64::from(MAX_CLAIMS_PER_GRANT)),
            Box::new(failed_window(now).as_millis()),
            Box::new(oldest_live(now).to_bytes().to_vec()),
            column(items, |(_, asked)| asked.claim.via.as_ref().map(|via| via.as_str().to_owned())),
        ]
    }

    fn read(&mut self, _: &Row, now: Timestamp) -> Result<Claim, EngineError> {
        Ok(Claim { id: self.claim.id, invite: self.claim.token.id, expires_at: now.plus(LEASE) })
    }

    fn actions(_: &Claim) -> Vec<Action> {
        vec![Action::InviteClaimed]
    }
}

fn narrow(count: i64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

impl ClaimRows for Transaction {
    async fn claim(&self, caller: &Caller, id: ClaimId) -> Result<Option<StoredClaim>, EngineError> {
        let values = (id.to_bytes(), caller.host_number);
        let Some(row) = self.query_opt(FIND, &[&values.0.as_slice(), &values.1]).await? else {
            return Ok(None);
        };
        Ok(Some(StoredClaim {
            invite: InviteId::from_bytes(array(&row, 0)?),
            outcome: row.try_get(1)?,
            over_use: row.try_get(2)?,
            username: row.try_get(3)?,
            jid: row.try_get(4)?,
            row_key: row.try_get(5)?,
            uses: narrow(row.try_get(6)?),
            max_uses: row.try_get::<_, Option<i64>>(7)?.map(narrow),
        }))
    }

    async fn claim_of_grant(
        &self,
        caller: &Caller,
        grant: PreauthGrant,
        username: Option<&Username>,
    ) -> Result<Option<Claim>, EngineError> {
        let (id, now) = (grant.id.as_slice(), self.now.as_millis());
        let username = username.map(Username::as_str);
        let row = self.query_opt(OF_GRANT, &[&id, &now, &username, &caller.host_number]).await?;
        row.map(|row| {
            Ok(Claim {
                id: ClaimId::from_bytes(array(&row, 0)?),
                invite: grant.invite,
                expires_at: Timestamp::from_millis(row.try_get(1)?),
            })
        })
        .transpose()
    }

    async fn live_claims(&self, claim: &NewClaim, oldest: ClaimId) -> Result<LiveClaimRows, EngineError> {
        let (id, now, oldest) = (claim.token.id.to_bytes(), self.now.as_millis(), oldest.to_bytes());
        let grant = claim.admission.map(|grant| grant.id.to_vec());
        let replaces = claim.replaces.map(|id| id.to_bytes().to_vec());
        let params: [&(dyn tokio_postgres::types::ToSql + Sync); 5] =
            [&id.as_slice(), &now, &grant, &replaces, &oldest.as_slice()];
        let Some(row) = self.query_opt(LIVE, &params).await? else { return Ok(LiveClaimRows::default()) };
        Ok(LiveClaimRows {
            count: narrow(row.try_get(0)?),
            first_ends_at: row.try_get::<_, Option<i64>>(1)?.map(Timestamp::from_millis),
            under_same_grant: row.try_get(2)?,
        })
    }

    async fn count_claims_of_grant(&self, grant: PreauthGrant, since: ClaimId) -> Result<u32, EngineError> {
        let (invite, since) = (grant.invite.to_bytes(), since.to_bytes());
        let row = self
            .query_opt(COUNT_OF_GRANT, &[&invite.as_slice(), &since.as_slice(), &grant.id.as_slice()])
            .await?;
        Ok(narrow(row.map(|row| row.try_get(0)).transpose()?.unwrap_or(0)))
    }

    async fn failed_claims(&self, invite: InviteId) -> Result<(u32, Timestamp), EngineError> {
        match self.query_opt(FAILED, &[&invite.to_bytes().as_slice()]).await? {
            Some(row) => Ok((narrow(row.try_get(0)?), Timestamp::from_millis(row.try_get(1)?))),
            None => Ok((0, Timestamp::from_millis(0))),
        }
    }

    async fn open_claims(&self, caller: &Caller, which: OpenClaims) -> Result<Vec<OpenClaim>, EngineError> {
        let (statement, id) = match which {
            OpenClaims::Of(invite) => (OPEN_OF_INVITE, invite.to_bytes()),
            OpenClaims::Since(claim) => (OPEN_SINCE, claim.to_bytes()),
        };
        let limit = i64::from(MAX_OPEN_CLAIMS);
        let mut claims = Vec::new();
        for row in self.query(statement, &[&caller.host_number, &id.as_slice(), &limit]).await? {
            claims.extend(self.engine.readable(read_open(&row))?);
        }
        Ok(claims)
    }

    async fn redemptions_before(
        &self,
        invite: InviteId,
        before: [u8; 16],
        limit: usize,
    ) -> Result<Vec<PageRow<ClaimId, Redemption>>, EngineError> {
        let (invite, limit) = (invite.to_bytes(), i64::try_from(limit).unwrap_or(i64::MAX));
        let mut redemptions = Vec::new();
        for row in self.query(REDEMPTIONS, &[&invite.as_slice(), &before.as_slice(), &limit]).await? {
            let id = ClaimId::from_bytes(array(&row, 0)?);
            redemptions.push((id, self.engine.readable(read_redemption(&row))?));
        }
        Ok(redemptions)
    }
}

fn read_open(row: &Row) -> Result<OpenClaim, EngineError> {
    let id = ClaimId::from_bytes(array(row, 0)?);
    let corrupt = |what: &str| EngineError::Corrupt(format!("claim {id}: {what}"));
    let (username, via): (&str, &str) = (row.try_get(2)?, row.try_get(3)?);
    Ok(OpenClaim {
        id,
        invite: InviteId::from_bytes(array(row, 1)?),
        username: Username::parse(username).map_err(|_| corrupt("username"))?,
        via: Via::parse(via).ok_or_else(|| corrupt("via"))?,
        grant: row.try_get::<_, Option<&[u8]>>(4)?.and_then(|id| id.try_into().ok()),
        lease_until: Timestamp::from_millis(row.try_get(5)?),
    })
}

fn read_redemption(row: &Row) -> Result<Redemption, EngineError> {
    let claim = ClaimId::from_bytes(array(row, 0)?);
    let corrupt = |what: &str| EngineError::Corrupt(format!("claim {claim}: {what}"));
    let username: Option<&str> = row.try_get(1)?;
    let (jid, via): (&str, &str) = (row.try_get(2)?, row.try_get(3)?);
    Ok(Redemption {
        claim,
        username: username.map(Username::parse).transpose().map_err(|_| corrupt("username"))?,
        jid: jid.parse().map_err(|_| corrupt("jid"))?,
        via: Via::parse(via).ok_or_else(|| corrupt("via"))?,
        at: Timestamp::from_millis(row.try_get(4)?),
        over_use: row.try_get(5)?,
    })
}
