//! Rules 3 and 4: what becomes of a claim.

use rusqlite::OptionalExtension;
use vestibule_core::{Action, BareJid, ClaimId, Completion, InviteId, Principal, Refusal, Scope, Via, rules};

use super::{
    audit::append_event,
    caller::{Caller, authorize_and_charge},
    claim::count_failed,
    job::EngineError,
    transaction::Transaction,
};

const FIND: &str = "SELECT c.invite, c.outcome, c.over_use, c.username, i.uses, i.max_uses, i.place, c.jid \
     FROM claims AS c JOIN invites AS i ON i.id = c.invite WHERE c.id = ?1 AND i.host = ?2";

const COMPLETE: &str = "UPDATE claims SET outcome = 'completed', ended_at = ?2, jid = ?3, via = ?4, \
     over_use = ?5 WHERE id = ?1";

const SPEND: &str = "UPDATE invites SET uses = uses + 1, used_at = ?2 WHERE place = ?1";

const RELEASE: &str = "UPDATE claims SET outcome = 'released', ended_at = ?2 WHERE id = ?1";

/// A claim as it stands.
struct Found {
    invite: InviteId,
    outcome: Option<String>,
    over_use: bool,
    username: Option<String>,
    uses: u32,
    max_uses: Option<u32>,
    row_key: i64,
    /// The address that completed it.
    jid: Option<String>,
}

fn find(tx: &Transaction<'_>, caller: &Caller, claim: ClaimId) -> Result<Found, EngineError> {
    let found = tx
        .statement(FIND)?
        .query_row((claim.to_bytes(), caller.host_number), |row| {
            Ok(Found {
                invite: InviteId::from_bytes(row.get(0)?),
                outcome: row.get(1)?,
                over_use: row.get(2)?,
                username: row.get(3)?,
                uses: row.get(4)?,
                max_uses: row.get(5)?,
                row_key: row.get(6)?,
                jid: row.get(7)?,
            })
        })
        .optional()?;
    Ok(found.ok_or(Refusal::NotFound("claim"))?)
}

pub(super) fn complete(
    tx: &Transaction<'_>,
    by: &Principal,
    claim: ClaimId,
    jid: &BareJid,
    via: &Via,
) -> Result<Completion, EngineError> {
    let caller = authorize_and_charge(tx, by, Scope::Redeem, 1)?;
    let found = find(tx, &caller, claim)?;
    if found.outcome.as_deref() == Some("completed") {
        if found.jid.as_deref() != Some(jid.as_str()) {
            return Err(Refusal::ClaimCompleted.into());
        }
        return Ok(Completion { invite: found.invite, over_use: found.over_use });
    }
    let wanted = found.username.as_deref();
    let is_that_account = |name: &str| {
        jid.domain().as_str() == caller.auth.host.as_str()
            && jid.node().is_some_and(|node| node.as_str() == name)
    };
    if wanted.is_some_and(|name| !is_that_account(name)) {
        return Err(Refusal::field("jid", "is not the account that was claimed").into());
    }
    // A claim that lapsed, or was released or replaced, is completed all the same: the account is there.
    let over_use = rules::exceeds(found.uses, found.max_uses);
    let now = tx.now.as_millis();
    tx.statement(COMPLETE)?.execute((claim.to_bytes(), now, jid.as_str(), via.as_str(), over_use))?;
    tx.statement(SPEND)?.execute((found.row_key, now))?;
    let subject = found.invite.to_string();
    append_event(tx, &caller, Action::InviteRedeemed, &subject, Some(jid.as_str()))?;
    if over_use {
        append_event(tx, &caller, Action::InviteOverused, &subject, Some(jid.as_str()))?;
        tracing::warn!(invite = %found.invite, jid = jid.as_str(), "an invite was used more often than it allows");
    }
    Ok(Completion { invite: found.invite, over_use })
}

pub(super) fn release(tx: &Transaction<'_>, by: &Principal, claim: ClaimId) -> Result<(), EngineError> {
    let caller = authorize_and_charge(tx, by, Scope::Redeem, 1)?;
    let found = find(tx, &caller, claim)?;
    match found.outcome.as_deref() {
        Some("completed") => Err(Refusal::ClaimCompleted.into()),
        Some(_) => Ok(()),
        None => {
            tx.statement(RELEASE)?.execute((claim.to_bytes(), tx.now.as_millis()))?;
            count_failed(tx, found.invite)?;
            let detail = found.username.as_deref();
            append_event(tx, &caller, Action::InviteReleased, &found.invite.to_string(), detail)?;
            Ok(())
        }
    }
}
