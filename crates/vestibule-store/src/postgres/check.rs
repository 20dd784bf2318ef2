//! Rule 1.

use std::sync::Arc;

use vestibule_core::{
    CheckRequest, Invite, Principal, Scope, TokenRefusal,
    rules::{self, CheckFacts},
};

use super::{
    caller::authorize_and_charge, engine_context::EngineContext, engine_error::EngineError, find::by_token,
    reservation::reserved_for, transaction::Transaction,
};

pub(super) async fn check(
    engine: Arc<EngineContext>,
    by: Principal,
    check: CheckRequest,
) -> Result<Invite, EngineError> {
    let caller = authorize_and_charge(&engine, &by, Scope::Redeem, 1).await?;
    let tx = Transaction::read(&engine).await?;
    let outcome = async {
        caller.revalidate(&tx).await?;
        let invite = by_token(&tx, &caller, check.token).await?.ok_or(TokenRefusal::Unknown)?;
        let username = check.username.as_ref();
        let reserved_for = match username {
            Some(name) => reserved_for(&tx, caller.host_number, name).await?,
            None => None,
        };
        rules::check(&CheckFacts {
            invite: &invite,
            username,
            admitted_at: check.admitted_at,
            reserved_for,
            forbidden: engine.options.policies.forbids(&caller.auth.host, username),
            now: tx.now,
        })?;
        Ok(invite)
    };
    let outcome = outcome.await;
    tx.end(outcome).await
}
