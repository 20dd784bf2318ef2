//! Rule 1.

use std::sync::Arc;

use vestibule_core::{
    CheckRequest, Invite, Principal, Scope, TokenRefusal,
    rules::{self, CheckFacts},
};

use super::{
    asker::ask, fault::Fault, find::by_token, reservation::reserved_for, session::Session, shared::Shared,
};

pub(super) async fn check(shared: Arc<Shared>, by: Principal, check: CheckRequest) -> Result<Invite, Fault> {
    let asker = ask(&shared, &by, Scope::Redeem, 1).await?;
    let session = Session::read(&shared).await?;
    let outcome = async {
        asker.prove(&session).await?;
        let invite = by_token(&session, &asker, check.token).await?.ok_or(TokenRefusal::Unknown)?;
        let username = check.username.as_ref();
        let reserved_for = match username {
            Some(name) => reserved_for(&session, asker.host_number, name).await?,
            None => None,
        };
        rules::check(&CheckFacts {
            invite: &invite,
            username,
            admitted_at: check.admitted_at,
            reserved_for,
            forbidden: shared.options.policies.forbids(&asker.grant.host, username),
            now: session.now,
        })?;
        Ok(invite)
    };
    let outcome = outcome.await;
    session.end(outcome).await
}
