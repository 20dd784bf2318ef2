//! Sessions of the console, and the links that start one.

use vestibule_core::{
    Action, AuthContext, Host, Refusal, SESSION_IDLE_TIMEOUT, SESSION_USE_INTERVAL, Session, SessionHash,
    SessionId, Source, Timestamp,
};

use super::rows::{Subject, TransactionContext};
use crate::caller::Caller;

/// A stored login link.
pub(crate) struct LoginLink {
    pub(crate) host_number: i64,
    pub(crate) host: Host,
    pub(crate) name: String,
    pub(crate) expires_at: Timestamp,
}

/// Sessions and login links.
pub(crate) trait SessionRows: TransactionContext {
    async fn insert_login_link(
        &self,
        host_number: i64,
        link: SessionHash,
        name: &str,
        expires_at: Timestamp,
    ) -> Result<(), Self::Error>;
    /// Removes a link, and returns it.
    async fn take_login_link(&self, link: SessionHash) -> Result<Option<LoginLink>, Self::Error>;
    async fn insert_session(&self, host_number: i64, session: &Session) -> Result<(), Self::Error>;
    /// Raises the time of the last use.
    async fn store_session_use(&self, hash: SessionHash) -> Result<(), Self::Error>;
    /// The sessions of the caller's host, oldest first.
    async fn sessions(&self, caller: &Caller) -> Result<Vec<Session>, Self::Error>;
    async fn delete_session(&self, hash: SessionHash) -> Result<(), Self::Error>;
    /// Removes at most `limit` links that expire at `links_until` or before, and sessions that were not used since
    /// `used_until`.
    async fn delete_old_sessions(
        &self,
        links_until: Timestamp,
        used_until: Timestamp,
        limit: i64,
    ) -> Result<(), Self::Error>;
}

/// The caller that a live session makes. Its source names the person.
pub(crate) fn caller(host_number: i64, session: &Session, now: Timestamp) -> Result<Caller, Refusal> {
    if session.ends_at() <= now {
        return Err(Refusal::Unauthorized);
    }
    let auth = AuthContext { host: session.host.clone(), source: Source::web(&session.name) };
    Ok(Caller { host_number, auth, key: None })
}

/// A key has nothing to do with the console, whatever its scopes.
fn refuse_keys(caller: &Caller) -> Result<(), Refusal> {
    if caller.key.is_some() { Err(Refusal::Unauthorized) } else { Ok(()) }
}

/// Stores a new login link. Only the operator's shell creates links, because a link gives every scope.
pub(crate) async fn create_link<T: SessionRows>(
    tx: &T,
    caller: &Caller,
    link: SessionHash,
    name: &str,
    expires_at: Timestamp,
) -> Result<(), T::Error> {
    refuse_keys(caller)?;
    tx.insert_login_link(caller.host_number, link, name, expires_at).await?;
    tx.append_event(caller, Action::LoginLinkCreated, Subject::Person(name), None).await
}

/// Starts a session with a login link, which is removed.
pub(crate) async fn start<T: SessionRows>(
    tx: &T,
    link: SessionHash,
    hash: SessionHash,
) -> Result<Option<Session>, T::Error> {
    let Some(link) = tx.take_login_link(link).await? else { return Ok(None) };
    if link.expires_at <= tx.now() {
        return Ok(None);
    }
    let LoginLink { host_number, host, name, .. } = link;
    let session = Session { hash, host, name, created_at: tx.now(), last_used_at: tx.now() };
    tx.insert_session(host_number, &session).await?;
    let caller = caller(host_number, &session, tx.now())?;
    tx.append_event(&caller, Action::SessionStarted, Subject::Person(&session.name), None).await?;
    Ok(Some(session))
}

/// Whether the stored use of a session is old enough to be replaced.
pub(crate) fn is_use_due(session: &Session, now: Timestamp) -> bool {
    session.last_used_at.plus(SESSION_USE_INTERVAL) <= now
}

/// Lists the live sessions of the caller's host, oldest first.
pub(crate) async fn list<T: SessionRows>(tx: &T, caller: &Caller) -> Result<Vec<Session>, T::Error> {
    refuse_keys(caller)?;
    let mut sessions = tx.sessions(caller).await?;
    sessions.retain(|session| tx.now() < session.ends_at());
    Ok(sessions)
}

/// Ends a session of the caller's host; `false` if there is none with this id.
pub(crate) async fn end<T: SessionRows>(tx: &T, caller: &Caller, id: SessionId) -> Result<bool, T::Error> {
    refuse_keys(caller)?;
    let sessions = tx.sessions(caller).await?;
    let Some(session) = sessions.into_iter().find(|session| session.hash.id() == id) else {
        return Ok(false);
    };
    tx.delete_session(session.hash).await?;
    tx.append_event(caller, Action::SessionEnded, Subject::Person(&session.name), None).await?;
    Ok(true)
}

/// Removes some of the links and sessions that are over.
pub(crate) async fn purge<T: SessionRows>(tx: &T, limit: i64) -> Result<(), T::Error> {
    tx.delete_old_sessions(tx.now(), tx.now().minus(SESSION_IDLE_TIMEOUT), limit).await
}
