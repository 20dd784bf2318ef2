//! Rule 2.

use std::sync::Arc;

use tokio_postgres::Row;
use vestibule_core::{
    Action, Claim, ClaimId, FAILED_CLAIMS_WINDOW, ForbiddenUsername, Invite, LEASE, MAX_CLAIMS_PER_GRANT,
    NewClaim, PreauthGrant, Principal, Refusal, Scope, Timestamp, TokenRefusal, max_failed_claims,
    rules::{self, ClaimFacts, LiveClaims, PREAUTH_GRANT_LIFETIME},
};

use super::{
    audit::last_row_key,
    batch_statement::{self, BatchStatement, ConflictKey, Param, column},
    batcher::Batcher,
    caller::{Caller, authorize_and_charge, key_is_valid},
    engine_context::EngineContext,
    engine_error::EngineError,
    find::by_token,
    item::{AnyItem, Item},
    reservation::{held, reserved_for},
    row::array,
    transaction::{Transaction, locked},
};

/// Counts claims that came to nothing against their invites, as a piece of SQL: a row of `$rows` for each, by the
/// column `invite`.
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

// Every condition stands inside the statement that takes the use, in the order of the rules.
const TAKE: &str = concat!(
    "WITH asked AS MATERIALIZED (
         SELECT a.*, row_number() OVER (ORDER BY a.n) AS count
         FROM unnest($1::text[], $2::bytea[], $4::bytea[], $5::bytea[], $6::bytea[], $7::text[], $8::bytea[],
                     $9::bigint[], $10::text[], $14::bytea[], $15::bytea[], $16::boolean[])
              WITH ORDINALITY AS a (key, secret, id, invite, token_hash, username, admission, admitted_at,
                                    source, since_admission, replaces, forbidden, n)
         JOIN invites AS i ON i.id = a.invite
         WHERE i.token_hash = a.token_hash AND i.host = $3::bigint AND ",
    locked!(),
    "      AND ",
    key_is_valid!(),
    "      AND i.revoked_at IS NULL
           AND (i.max_uses IS NULL OR i.max_uses > i.uses + (
                 SELECT count(*) FROM claims AS c
                 WHERE c.invite = i.id AND c.outcome IS NULL AND c.lease_until > $11::bigint
                   AND c.id IS DISTINCT FROM a.replaces))
           AND NOT EXISTS (
                 SELECT FROM claims AS c
                 WHERE c.admission = a.admission AND c.outcome IS NULL AND c.lease_until > $11
                   AND c.id IS DISTINCT FROM a.replaces)
           AND (a.admission IS NULL OR $17::bigint > (
                 SELECT count(*) FROM claims AS c
                 WHERE c.invite = i.id AND c.id > a.since_admission AND c.admission = a.admission))
           AND (i.failed_since <= $18::bigint OR i.failed_claims <
                CASE WHEN i.max_uses < 90 THEN 100 + 10 * i.max_uses ELSE 1000 END)
           AND (i.expires_at > $11 OR (a.admitted_at < i.expires_at AND a.admitted_at > $11 - $12::bigint))
           AND CASE WHEN a.username IS NULL THEN i.kind IN ('contact', 'account-and-contact')
                    ELSE i.kind <> 'contact' END
           AND (i.username = a.username OR (i.username IS NULL AND NOT a.forbidden))
           AND (a.username IS NULL OR i.kind = 'password-reset' OR NOT EXISTS (
                 SELECT FROM invites AS other
                 WHERE other.host = $3 AND other.username = a.username AND other.kind <> 'password-reset'
                   AND other.id <> i.id AND ",
    held!("other", "$11"),
    "      ))
     ), taken AS (
         INSERT INTO claims (id, invite, username, admission, claimed_at, lease_until)
         SELECT id, invite, username, admission, $11, $13::bigint FROM asked
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

const LIVE: &str = "SELECT count(*), min(lease_until), coalesce(bool_or(admission = $3::bytea), false) \
     FROM claims WHERE invite = $1 AND outcome IS NULL AND lease_until > $2 \
     AND id IS DISTINCT FROM $4::bytea";

const COUNT_OF_ADMISSION: &str =
    "SELECT count(*) FROM claims WHERE invite = $1 AND id > $2::bytea AND admission = $3::bytea";

const FAILED: &str = "SELECT failed_claims, failed_since FROM invites WHERE id = $1";

const SAME: &str = "SELECT c.id, c.lease_until FROM claims AS c JOIN invites AS i ON i.id = c.invite \
     WHERE c.admission = $1::bytea AND c.outcome IS NULL AND c.lease_until > $2 \
     AND c.username IS NOT DISTINCT FROM $3::text AND i.host = $4";

/// All claims that were made under an admission have higher ids, as a claim is named after its check was passed. The
/// margin is for nodes whose clocks differ.
fn since(admission: PreauthGrant) -> ClaimId {
    ClaimId::lowest(admission.at.minus(LEASE))
}

fn failed_window(now: Timestamp) -> Timestamp {
    now.minus(FAILED_CLAIMS_WINDOW)
}

fn forbidden(engine: &EngineContext, caller: &Caller, claim: &NewClaim) -> Option<ForbiddenUsername> {
    engine.options.policies.forbids(&caller.auth.host, claim.username.as_ref())
}

/// A claim on its way.
#[derive(Clone)]
pub(super) struct ClaimRequest {
    claim: NewClaim,
    forbidden: Option<ForbiddenUsername>,
}

impl BatchStatement for ClaimRequest {
    type Answer = Claim;

    const WORK: fn(Box<Item<Self>>) -> AnyItem = AnyItem::Claim;

    const SQL: &'static str = TAKE;

    // Leases that were given before must not end early, or a use would be given twice.
    fn resolve(&mut self, engine: &EngineContext, _: &Caller, _: Timestamp) -> Result<(), EngineError> {
        if engine.clock.is_settling() {
            return Err(EngineError::Unavailable(
                "the database's clock was set forward a moment ago".to_owned(),
            ));
        }
        Ok(())
    }

    // An invite's claims are counted, and those of an admission, which is to one invite, replaced.
    fn conflict_keys(&self) -> Vec<ConflictKey> {
        vec![self.claim.token.id.to_bytes().to_vec()]
    }

    fn params(items: &[(&Caller, &Self)], now: Timestamp) -> Vec<Param> {
        vec![
            column(items, |(_, asked)| asked.claim.id.to_bytes().to_vec()),
            column(items, |(_, asked)| asked.claim.token.id.to_bytes().to_vec()),
            column(items, |(_, asked)| asked.claim.token.hash.as_bytes().to_vec()),
            column(items, |(_, asked)| asked.claim.username.as_ref().map(|name| name.as_str().to_owned())),
            column(items, |(_, asked)| asked.claim.admission.map(|admission| admission.id.to_vec())),
            column(items, |(_, asked)| asked.claim.admission.map(|admission| admission.at.as_millis())),
            column(items, |(caller, _)| caller.auth.source.as_str().to_owned()),
            Box::new(now.as_millis()),
            Box::new(i64::try_from(PREAUTH_GRANT_LIFETIME.as_millis()).unwrap_or(i64::MAX)),
            Box::new(now.plus(LEASE).as_millis()),
            column(items, |(_, asked)| asked.claim.admission.map(|given| since(given).to_bytes().to_vec())),
            column(items, |(_, asked)| asked.claim.replaces.map(|id| id.to_bytes().to_vec())),
            column(items, |(_, asked)| asked.forbidden.is_some()),
            Box::new(i64::from(MAX_CLAIMS_PER_GRANT)),
            Box::new(failed_window(now).as_millis()),
        ]
    }

    fn read(&mut self, _: &Row, now: Timestamp) -> Result<Claim, EngineError> {
        Ok(Claim { id: self.claim.id, invite: self.claim.token.id, expires_at: now.plus(LEASE) })
    }

    fn actions(_: &Claim) -> Vec<Action> {
        vec![Action::InviteClaimed]
    }
}

pub(super) async fn claim(
    engine: Arc<EngineContext>,
    batcher: Arc<Batcher>,
    by: Principal,
    claim: NewClaim,
) -> Result<Claim, EngineError> {
    let caller = authorize_and_charge(&engine, &by, Scope::Redeem, 1).await?;
    let mut request = ClaimRequest { forbidden: forbidden(&engine, &caller, &claim), claim };
    let invite = request.claim.token.id;
    // What was refused a moment ago will most likely be refused again, so it is asked for the reason first.
    let was_refused = engine.recent_refusals.holds(invite);
    if !was_refused && let Some(caller) = batcher.submit(request.clone(), &caller).await? {
        return Ok(caller);
    }
    let (permit, tx) = batch_statement::look(&engine, &caller).await?;
    let outcome = untaken(&tx, &caller, &request).await;
    let untaken_by = tx.end(outcome).await?;
    drop(permit);
    match untaken_by {
        Untaken::Same(claim) => return Ok(claim),
        Untaken::Refused(refusal) => {
            engine.recent_refusals.note(invite);
            return Err(refusal.into());
        }
        Untaken::Allowed => {}
    }
    if was_refused && let Some(caller) = batcher.submit(request.clone(), &caller).await? {
        return Ok(caller);
    }
    // It was freed meanwhile, or taken and freed again: once more, where nobody comes in between.
    let tx = batch_statement::begin(&engine, &caller).await?;
    let outcome = match batch_statement::alone(&tx, &caller, &mut request).await {
        Ok(Some(caller)) => Ok(caller),
        Ok(None) => match untaken(&tx, &caller, &request).await {
            Ok(Untaken::Same(claim)) => Ok(claim),
            Ok(Untaken::Refused(refusal)) => Err(refusal.into()),
            Ok(Untaken::Allowed) => {
                Err(EngineError::Corrupt(format!("the claim on {invite} was refused without a reason")))
            }
            Err(fault) => Err(fault),
        },
        Err(fault) => Err(fault),
    };
    tx.end(outcome).await
}

/// What becomes of a claim that took nothing.
enum Untaken {
    /// The claim that was made before.
    Same(Claim),
    Refused(Refusal),
    /// The rules would let it.
    Allowed,
}

async fn untaken(tx: &Transaction, caller: &Caller, request: &ClaimRequest) -> Result<Untaken, EngineError> {
    if let Some(same) = same(tx, caller, &request.claim).await? {
        return Ok(Untaken::Same(same));
    }
    Ok(reason(tx, caller, request).await?.map_or(Untaken::Allowed, Untaken::Refused))
}

/// The live claim that the same admission has made for the same username before.
async fn same(tx: &Transaction, caller: &Caller, claim: &NewClaim) -> Result<Option<Claim>, EngineError> {
    let Some(admission) = claim.admission else { return Ok(None) };
    let (id, now) = (admission.id.to_vec(), tx.now.as_millis());
    let username = claim.username.as_ref().map(|name| name.as_str().to_owned());
    let row = tx.query_opt(SAME, &[&id, &now, &username, &caller.host_number]).await?;
    row.map(|row| {
        Ok(Claim {
            id: ClaimId::from_bytes(array(&row, 0)?),
            invite: admission.invite,
            expires_at: Timestamp::from_millis(row.try_get(1)?),
        })
    })
    .transpose()
}

/// Why the statement took nothing; `None` where the rules would let it.
async fn reason(
    tx: &Transaction,
    caller: &Caller,
    request: &ClaimRequest,
) -> Result<Option<Refusal>, EngineError> {
    let claim = &request.claim;
    let Some(invite) = by_token(tx, caller, claim.token).await? else {
        return Ok(Some(TokenRefusal::Unknown.into()));
    };
    let reserved_for = match &claim.username {
        Some(username) => reserved_for(tx, caller.host_number, username).await?,
        None => None,
    };
    let facts = ClaimFacts {
        invite: &invite,
        username: claim.username.as_ref(),
        live_claims: live_claims(tx, &invite, claim).await?,
        forbidden: request.forbidden,
        admitted_at: claim.admission.map(|admission| admission.at),
        reserved_for,
        now: tx.now,
    };
    Ok(rules::claim(&facts).err())
}

async fn live_claims(tx: &Transaction, invite: &Invite, claim: &NewClaim) -> Result<LiveClaims, EngineError> {
    let id = invite.id.to_bytes().to_vec();
    let now = tx.now.as_millis();
    let admission = claim.admission.map(|admission| admission.id.to_vec());
    let replaces = claim.replaces.map(|id| id.to_bytes().to_vec());
    let mut live = LiveClaims::default();
    let narrow = |count: i64| u32::try_from(count).unwrap_or(u32::MAX);
    if let Some(row) = tx.query_opt(LIVE, &[&id, &now, &admission, &replaces]).await? {
        live.count = narrow(row.try_get(0)?);
        live.first_ends_at = row.try_get::<_, Option<i64>>(1)?.map(Timestamp::from_millis);
        live.under_same_admission = row.try_get(2)?;
    }
    if let Some(given) = claim.admission {
        let row =
            tx.query_opt(COUNT_OF_ADMISSION, &[&id, &since(given).to_bytes().to_vec(), &admission]).await?;
        live.made_under_same_admission = narrow(row.map(|row| row.try_get(0)).transpose()?.unwrap_or(0));
    }
    if let Some(row) = tx.query_opt(FAILED, &[&id]).await? {
        let (failed, failed_since) = (narrow(row.try_get(0)?), Timestamp::from_millis(row.try_get(1)?));
        if failed >= max_failed_claims(invite.max_uses) && failed_since > failed_window(tx.now) {
            live.exhausted_until = Some(failed_since.plus(FAILED_CLAIMS_WINDOW));
        }
    }
    Ok(live)
}
