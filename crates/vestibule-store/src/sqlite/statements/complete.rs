//! Rules 3 and 4: completing and releasing a claim.

use vestibule_core::{Action, BareJid, ClaimId, Completion, Refusal, Via, rules};

use super::claims::count_failed;
use crate::{
    caller::Caller,
    sql::statements,
    sqlite::{error::EngineError, transaction::Transaction},
    verbs::{
        outcome::{completed_before, is_over},
        rows::{ClaimRows, StoredClaim, Subject, TransactionContext},
    },
};

statements! {
    const COMPLETE: Sql = "UPDATE claims SET outcome = 'completed', ended_at = ?2, jid = ?3, via = ?4, \
         over_use = ?5 WHERE id = ?1";

    const SPEND: Sql = "UPDATE invites SET uses = uses + 1, used_at = ?2 WHERE place = ?1";

    const RELEASE: Sql = "UPDATE claims SET outcome = 'released', ended_at = ?2 WHERE id = ?1";
}

async fn find(tx: &Transaction<'_>, caller: &Caller, id: ClaimId) -> Result<StoredClaim, EngineError> {
    Ok(tx.claim(caller, id).await?.ok_or(Refusal::NotFound("claim"))?)
}

pub(in crate::sqlite) async fn complete(
    tx: &Transaction<'_>,
    caller: &Caller,
    id: ClaimId,
    jid: &BareJid,
    via: &Via,
) -> Result<Completion, EngineError> {
    let claim = find(tx, caller, id).await?;
    if let Some(completion) = completed_before(&claim, jid, &caller.auth.host)? {
        return Ok(completion);
    }
    let over_use = rules::exceeds(claim.uses, claim.max_uses);
    let now = tx.now.as_millis();
    tx.statement(COMPLETE)?.execute((id.to_bytes(), now, jid.as_str(), via.as_str(), over_use))?;
    tx.statement(SPEND)?.execute((claim.row_key, now))?;
    let (subject, detail) = (Subject::Invite(claim.invite), Some(jid.as_str()));
    tx.append_event(caller, Action::InviteRedeemed, subject, detail).await?;
    if over_use {
        tx.append_event(caller, Action::InviteOverused, subject, detail).await?;
        tracing::warn!(invite = %claim.invite, jid = jid.as_str(), "an invite was used more often than it allows");
    }
    Ok(Completion { invite: claim.invite, over_use })
}

pub(in crate::sqlite) async fn release(
    tx: &Transaction<'_>,
    caller: &Caller,
    id: ClaimId,
) -> Result<(), EngineError> {
    let claim = find(tx, caller, id).await?;
    if is_over(&claim)? {
        return Ok(());
    }
    tx.statement(RELEASE)?.execute((id.to_bytes(), tx.now.as_millis()))?;
    count_failed(tx, claim.invite)?;
    let (subject, detail) = (Subject::Invite(claim.invite), claim.username.as_deref());
    tx.append_event(caller, Action::InviteReleased, subject, detail).await
}
