//! Rule 1.

use std::sync::Arc;

use vestibule_core::{Authority, Invite, Scope, TokenLookup, TokenRefusal, Username, rules};

use super::{
    asker::ask, fault::Fault, find::by_token, reservation::reserved_for, session::Session, shared::Shared,
};

pub(super) async fn check(
    shared: Arc<Shared>,
    by: Authority,
    token: TokenLookup,
    username: Option<Username>,
) -> Result<Invite, Fault> {
    let asker = ask(&shared, &by, Scope::Redeem, 1).await?;
    let session = Session::read(&shared).await?;
    let outcome = async {
        asker.prove(&session).await?;
        let invite = by_token(&session, &asker, token).await?.ok_or(TokenRefusal::Unknown)?;
        let holder = match &username {
            Some(name) => reserved_for(&session, asker.host_number, name).await?,
            None => None,
        };
        rules::check(&invite, username.as_ref(), holder, session.now)?;
        Ok(invite)
    };
    let outcome = outcome.await;
    session.end(outcome).await
}
