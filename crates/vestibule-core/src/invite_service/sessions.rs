//! Sessions of the console.

use super::InviteService;
use crate::{LOGIN_LINK_LIFETIME, Principal, Refusal, Session, SessionSecret, StoreError, Timestamp};

impl InviteService {
    /// Creates a login link for a person, and returns its secret and the time at which it expires.
    pub async fn create_login_link(
        &self,
        by: &Principal,
        name: &str,
    ) -> Result<(SessionSecret, Timestamp), StoreError> {
        if name.is_empty() || name.len() > Session::MAX_NAME_BYTES || name.contains(char::is_control) {
            let most = Session::MAX_NAME_BYTES;
            return Err(Refusal::field("name", format!("expected 1 to {most} bytes on one line")).into());
        }
        let secret = SessionSecret::draw(&*self.randomness)?;
        let expires_at = self.now().plus(LOGIN_LINK_LIFETIME);
        self.store.insert_login_link(by, secret.hash(), name, expires_at).await?;
        Ok((secret, expires_at))
    }

    /// Starts a session with a login link, which works once. `None` if the link is unknown, used or expired.
    pub async fn log_in(&self, link: &SessionSecret) -> Result<Option<(SessionSecret, Session)>, StoreError> {
        let secret = SessionSecret::draw(&*self.randomness)?;
        let session = self.store.insert_session(link.hash(), secret.hash()).await?;
        Ok(session.map(|session| (secret, session)))
    }
}
