use async_trait::async_trait;
use vestibule_core::{
    Principal, Scopes, Session, SessionHash, SessionId, SessionStore, StoreError, Timestamp,
};

use crate::{
    sqlite::{SqliteStore, authorization::authorize, statements::sessions::find_session},
    verbs::{
        run_ready,
        sessions::{self, SessionRows},
    },
};

#[async_trait]
impl SessionStore for SqliteStore {
    async fn insert_login_link(
        &self,
        by: &Principal,
        link: SessionHash,
        name: &str,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        let (by, name) = (by.clone(), name.to_owned());
        let insert = self.writer.run(move |tx| {
            let caller = authorize(tx, &by, Scopes::ALL)?;
            run_ready(sessions::create_link(tx, &caller, link, &name, expires_at))
        });
        insert.await
    }

    async fn insert_session(
        &self,
        link: SessionHash,
        session: SessionHash,
    ) -> Result<Option<Session>, StoreError> {
        self.writer.run(move |tx| run_ready(sessions::start(tx, link, session))).await
    }

    async fn use_session(&self, hash: SessionHash) -> Result<Option<Session>, StoreError> {
        let find = self.lookups.run(move |tx| {
            let found = find_session(tx, hash)?.map(|(_, session)| session);
            let live = found.filter(|session| tx.now < session.ends_at());
            Ok(live.map(|session| (sessions::is_use_due(&session, tx.now), session)))
        });
        let Some((is_due, session)) = find.await? else { return Ok(None) };
        if is_due {
            self.writer.run(move |tx| run_ready(tx.store_session_use(hash))).await?;
        }
        Ok(Some(session))
    }

    async fn sessions(&self, by: &Principal) -> Result<Vec<Session>, StoreError> {
        let by = by.clone();
        let list = self.lists.run(move |tx| {
            let caller = authorize(tx, &by, Scopes::ALL)?;
            run_ready(sessions::list(tx, &caller))
        });
        list.await
    }

    async fn end_session(&self, by: &Principal, id: SessionId) -> Result<bool, StoreError> {
        let by = by.clone();
        let end = self.writer.run(move |tx| {
            let caller = authorize(tx, &by, Scopes::ALL)?;
            run_ready(sessions::end(tx, &caller, id))
        });
        end.await
    }
}
