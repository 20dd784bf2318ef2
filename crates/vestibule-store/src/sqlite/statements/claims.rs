//! Claims: rule 2 in one statement, and the rows that tell why it granted nothing.

use rusqlite::{OptionalExtension, Row};
use vestibule_core::{
    Action, Claim, ClaimId, InviteId, LEASE, MAX_CLAIMS_PER_GRANT, MAX_OPEN_CLAIMS, NewClaim, OpenClaim,
    OpenClaims, PreauthGrant, Redemption, Timestamp, Username, Via, rules::PREAUTH_GRANT_LIFETIME,
};

use crate::{
    caller::Caller,
    sql::statements,
    sqlite::{error::EngineError, transaction::Transaction},
    verbs::{
        claim::{ensure_recent, failed_window, oldest_live, oldest_of_grant, ungranted},
        rows::{ClaimRows, LiveClaimRows, PageRow, StoredClaim, Subject, TransactionContext},
    },
};

statements! {
    // The statement that takes a use has every condition, in the order of the rules.
    const TAKE: Sql = "
        INSERT INTO claims (id, invite, username, admission, claimed_at, lease_until, via)
        SELECT :claim, i.id, :username, :admission, :now, :lease_until, :via
        FROM invites AS i
        WHERE i.id = :invite AND i.token_hash = :hash AND i.host = :host
          AND i.revoked_at IS NULL
          AND (i.max_uses IS NULL OR i.max_uses > i.uses + (
                SELECT count(*) FROM claims AS c
                WHERE c.invite = i.id AND c.id > :oldest AND c.outcome IS NULL AND c.lease_until > :now
                  AND c.id IS NOT :replaces))
          AND NOT EXISTS (
                SELECT 1 FROM claims AS c
                WHERE c.admission = :admission AND c.admission IS NOT NULL AND c.outcome IS NULL
                  AND c.lease_until > :now AND c.id IS NOT :replaces)
          AND (:admission IS NULL OR :most_of_admission > (
                SELECT count(*) FROM claims AS c
                WHERE c.invite = i.id AND c.id > :since_admission AND c.admission = :admission))
          AND (i.failed_since <= :failed_window OR i.failed_claims < 1000)
          AND (i.expires_at > :now OR (:admitted_at < i.expires_at AND :admitted_at > :now - :admission_life))
          AND iif(:username IS NULL, i.kind IN ('contact', 'account-and-contact'), i.kind <> 'contact')
          AND (i.username = :username OR (i.username IS NULL AND NOT :forbidden))
          AND NOT EXISTS (
                SELECT 1 FROM invites AS other
                WHERE other.host = i.host AND other.username = :username AND other.expires_at > :now
                  AND other.username IS NOT NULL AND other.revoked_at IS NULL AND other.uses < other.max_uses
                  AND other.kind <> 'password-reset' AND other.id <> i.id AND i.kind <> 'password-reset')";

    const REPLACE: Sql = "UPDATE claims SET outcome = 'replaced', ended_at = ?1 \
         WHERE id = ?2 AND invite = ?3 AND outcome IS NULL";

    const FIND: Sql = "SELECT c.invite, c.outcome, c.over_use, c.username, c.jid, i.place, i.uses, i.max_uses \
         FROM claims AS c JOIN invites AS i ON i.id = c.invite WHERE c.id = ?1 AND i.host = ?2";

    const OF_GRANT: Sql = "SELECT c.id, c.lease_until FROM claims AS c JOIN invites AS i ON i.id = c.invite \
         WHERE c.admission = ?1 AND c.admission IS NOT NULL AND c.outcome IS NULL AND c.lease_until > ?2 \
         AND c.username IS ?3 AND i.host = ?4";

    const LIVE: Sql = "SELECT count(*), min(lease_until), coalesce(max(admission = ?4), 0) FROM claims \
         WHERE invite = ?1 AND id > ?2 AND outcome IS NULL AND lease_until > ?3 AND id IS NOT ?5";

    const COUNT_OF_GRANT: Sql = "SELECT count(*) FROM claims WHERE invite = ?1 AND id > ?2 AND admission = ?3";

    const FAILED: Sql = "SELECT failed_claims, failed_since FROM invites WHERE id = ?1";

    const COUNT_FAILED: Sql = "UPDATE invites SET failed_claims = iif(failed_since > ?2, failed_claims + 1, 1), \
         failed_since = iif(failed_since > ?2, failed_since, ?3) WHERE id = ?1";

    const OPEN_OF_INVITE: Sql = "SELECT c.id, c.invite, c.username, c.via, c.admission, c.lease_until \
         FROM claims AS c JOIN invites AS i ON i.id = c.invite \
         WHERE c.invite = ?2 AND c.outcome IS NULL AND c.via IS NOT NULL AND c.username IS NOT NULL AND i.host = ?1 \
         ORDER BY c.id LIMIT ?3";

    const OPEN_SINCE: Sql = "SELECT c.id, c.invite, c.username, c.via, c.admission, c.lease_until \
         FROM claims AS c JOIN invites AS i ON i.id = c.invite \
         WHERE c.id >= ?2 AND c.outcome IS NULL AND c.via IS NOT NULL AND c.username IS NOT NULL AND i.host = ?1 \
         ORDER BY c.id LIMIT ?3";

    const REDEMPTIONS: Sql = "SELECT id, username, jid, via, ended_at, over_use FROM claims \
         WHERE invite = ?1 AND id < ?2 AND outcome = 'completed' ORDER BY id DESC LIMIT ?3";
}

/// Grants a claim, or finds out why not.
pub(in crate::sqlite) async fn claim(
    tx: &Transaction<'_>,
    caller: &Caller,
    claim: &NewClaim,
) -> Result<Claim, EngineError> {
    ensure_recent::<EngineError>(claim, tx.now)?;
    if !take(tx, caller, claim)? {
        return ungranted(tx, caller, claim).await?.settled(claim);
    }
    if let Some(replaced) = claim.replaces {
        let values = (tx.now.as_millis(), replaced.to_bytes(), claim.token.id.to_bytes());
        if tx.statement(REPLACE)?.execute(values)? > 0 {
            count_failed(tx, claim.token.id)?;
        }
    }
    let detail = claim.username.as_ref().map(Username::as_str);
    tx.append_event(caller, Action::InviteClaimed, Subject::Invite(claim.token.id), detail).await?;
    Ok(Claim { id: claim.id, invite: claim.token.id, expires_at: tx.now.plus(LEASE) })
}

/// Takes a use if every condition holds.
fn take(tx: &Transaction<'_>, caller: &Caller, claim: &NewClaim) -> Result<bool, EngineError> {
    let now = tx.now;
    let forbidden = tx.policies().forbids(&caller.auth.host, claim.username.as_ref());
    let taken = tx.statement(TAKE)?.execute_named(&[
        (":claim", &claim.id.to_bytes()),
        (":username", &claim.username.as_ref().map(Username::as_str)),
        (":admission", &claim.admission.map(|grant| grant.id)),
        (":now", &now.as_millis()),
        (":lease_until", &now.plus(LEASE).as_millis()),
        (":via", &claim.via.as_ref().map(Via::as_str)),
        (":invite", &claim.token.id.to_bytes()),
        (":hash", &claim.token.hash.as_bytes()),
        (":host", &caller.host_number),
        (":oldest", &oldest_live(now).to_bytes()),
        (":replaces", &claim.replaces.map(ClaimId::to_bytes)),
        (":most_of_admission", &MAX_CLAIMS_PER_GRANT),
        (":since_admission", &claim.admission.map(|grant| oldest_of_grant(grant).to_bytes())),
        (":failed_window", &failed_window(now).as_millis()),
        (":admitted_at", &claim.admission.map(|grant| grant.at.as_millis())),
        (":admission_life", &i64::try_from(PREAUTH_GRANT_LIFETIME.as_millis()).unwrap_or(i64::MAX)),
        (":forbidden", &forbidden.is_some()),
    ])?;
    Ok(taken > 0)
}

/// Counts a failed claim against its invite.
pub(super) fn count_failed(tx: &Transaction<'_>, invite: InviteId) -> rusqlite::Result<()> {
    let values = (invite.to_bytes(), failed_window(tx.now).as_millis(), tx.now.as_millis());
    tx.statement(COUNT_FAILED)?.execute(values).map(drop)
}

impl ClaimRows for Transaction<'_> {
    async fn claim(&self, caller: &Caller, id: ClaimId) -> Result<Option<StoredClaim>, EngineError> {
        let read = |row: &Row<'_>| {
            Ok(StoredClaim {
                invite: InviteId::from_bytes(row.get(0)?),
                outcome: row.get(1)?,
                over_use: row.get(2)?,
                username: row.get(3)?,
                jid: row.get(4)?,
                row_key: row.get(5)?,
                uses: row.get(6)?,
                max_uses: row.get(7)?,
            })
        };
        Ok(self.statement(FIND)?.query_row((id.to_bytes(), caller.host_number), read).optional()?)
    }

    async fn claim_of_grant(
        &self,
        caller: &Caller,
        grant: PreauthGrant,
        username: Option<&Username>,
    ) -> Result<Option<Claim>, EngineError> {
        let values = (grant.id, self.now.as_millis(), username.map(Username::as_str), caller.host_number);
        let read = |row: &Row<'_>| {
            Ok(Claim {
                id: ClaimId::from_bytes(row.get(0)?),
                invite: grant.invite,
                expires_at: Timestamp::from_millis(row.get(1)?),
            })
        };
        Ok(self.statement(OF_GRANT)?.query_row(values, read).optional()?)
    }

    async fn live_claims(&self, claim: &NewClaim, oldest: ClaimId) -> Result<LiveClaimRows, EngineError> {
        let values = (
            claim.token.id.to_bytes(),
            oldest.to_bytes(),
            self.now.as_millis(),
            claim.admission.map(|grant| grant.id),
            claim.replaces.map(ClaimId::to_bytes),
        );
        let read = |row: &Row<'_>| {
            Ok(LiveClaimRows {
                count: row.get(0)?,
                first_ends_at: row.get::<_, Option<i64>>(1)?.map(Timestamp::from_millis),
                under_same_grant: row.get(2)?,
            })
        };
        Ok(self.statement(LIVE)?.query_row(values, read)?)
    }

    async fn count_claims_of_grant(&self, grant: PreauthGrant, since: ClaimId) -> Result<u32, EngineError> {
        let values = (grant.invite.to_bytes(), since.to_bytes(), grant.id);
        Ok(self.statement(COUNT_OF_GRANT)?.query_row(values, |row| row.get(0))?)
    }

    async fn failed_claims(&self, invite: InviteId) -> Result<(u32, Timestamp), EngineError> {
        let read = |row: &Row<'_>| Ok((row.get(0)?, Timestamp::from_millis(row.get(1)?)));
        Ok(self.statement(FAILED)?.query_row([invite.to_bytes()], read)?)
    }

    async fn open_claims(&self, caller: &Caller, which: OpenClaims) -> Result<Vec<OpenClaim>, EngineError> {
        let (statement, id) = match which {
            OpenClaims::Of(invite) => (OPEN_OF_INVITE, invite.to_bytes()),
            OpenClaims::Since(claim) => (OPEN_SINCE, claim.to_bytes()),
        };
        let mut statement = self.statement(statement)?;
        let mut rows = statement.query((caller.host_number, id, MAX_OPEN_CLAIMS))?;
        let mut claims = Vec::new();
        while let Some(row) = rows.next()? {
            claims.extend(self.readable(read_open(row))?);
        }
        Ok(claims)
    }

    async fn redemptions_before(
        &self,
        invite: InviteId,
        before: [u8; 16],
        limit: usize,
    ) -> Result<Vec<PageRow<ClaimId, Redemption>>, EngineError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut statement = self.statement(REDEMPTIONS)?;
        let mut rows = statement.query((invite.to_bytes(), before, limit))?;
        let mut redemptions = Vec::new();
        while let Some(row) = rows.next()? {
            let id = ClaimId::from_bytes(row.get(0)?);
            redemptions.push((id, self.readable(read_redemption(row))?));
        }
        Ok(redemptions)
    }
}

fn read_open(row: &Row<'_>) -> Result<OpenClaim, EngineError> {
    let id = ClaimId::from_bytes(row.get(0)?);
    let corrupt = |what: &str| EngineError::Corrupt(format!("claim {id}: {what}"));
    let (username, via): (String, String) = (row.get(2)?, row.get(3)?);
    Ok(OpenClaim {
        id,
        invite: InviteId::from_bytes(row.get(1)?),
        username: Username::parse(&username).map_err(|_| corrupt("username"))?,
        via: Via::parse(&via).ok_or_else(|| corrupt("via"))?,
        grant: row.get(4)?,
        lease_until: Timestamp::from_millis(row.get(5)?),
    })
}

fn read_redemption(row: &Row<'_>) -> Result<Redemption, EngineError> {
    let claim = ClaimId::from_bytes(row.get(0)?);
    let corrupt = |what: &str| EngineError::Corrupt(format!("claim {claim}: {what}"));
    let username: Option<String> = row.get(1)?;
    let (jid, via): (String, String) = (row.get(2)?, row.get(3)?);
    Ok(Redemption {
        claim,
        username: username.map(|text| Username::parse(&text)).transpose().map_err(|_| corrupt("username"))?,
        jid: jid.parse().map_err(|_| corrupt("jid"))?,
        via: Via::parse(&via).ok_or_else(|| corrupt("via"))?,
        at: Timestamp::from_millis(row.get(4)?),
        over_use: row.get(5)?,
    })
}
