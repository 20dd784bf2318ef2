use async_trait::async_trait;
use vestibule_core::{
    Principal, Scopes, Session, SessionHash, SessionId, SessionStore, StoreError, Timestamp,
};

use crate::{
    postgres::{
        PostgresStore,
        statements::sessions::{find_session, host_of_link},
        transactions::{
            authorization::{authorize, begin_write},
            transaction::Transaction,
        },
    },
    verbs::sessions::{self, SessionRows},
};

#[async_trait]
impl SessionStore for PostgresStore {
    async fn insert_login_link(
        &self,
        by: &Principal,
        link: SessionHash,
        name: &str,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        let (engine, by, name) = (self.engine(), by.clone(), name.to_owned());
        let insert = async move {
            let caller = authorize(&engine, &by, Scopes::ALL).await?;
            let tx = begin_write(&engine, &caller).await?;
            let outcome = sessions::create_link(&tx, &caller, link, &name, expires_at).await;
            tx.end(outcome).await
        };
        self.run(insert).await
    }

    async fn insert_session(
        &self,
        link: SessionHash,
        session: SessionHash,
    ) -> Result<Option<Session>, StoreError> {
        let engine = self.engine();
        let start = async move {
            // The event needs the lock of the host.
            let Some(host_number) = host_of_link(&engine, link).await? else { return Ok(None) };
            let tx = Transaction::write(&engine, &[host_number]).await?;
            let outcome = sessions::start(&tx, link, session).await;
            tx.end(outcome).await
        };
        self.run(start).await
    }

    async fn use_session(&self, hash: SessionHash) -> Result<Option<Session>, StoreError> {
        let engine = self.engine();
        let find = async move {
            let now = engine.now();
            let found = find_session(&engine, hash).await?.map(|(_, session)| session);
            let Some(session) = found.filter(|session| now < session.ends_at()) else { return Ok(None) };
            if sessions::is_use_due(&session, now) {
                let tx = Transaction::write(&engine, &[]).await?;
                let outcome = tx.store_session_use(hash).await;
                tx.end(outcome).await?;
            }
            Ok(Some(session))
        };
        self.run(find).await
    }

    async fn sessions(&self, by: &Principal) -> Result<Vec<Session>, StoreError> {
        let (engine, by) = (self.engine(), by.clone());
        let list = async move {
            let caller = authorize(&engine, &by, Scopes::ALL).await?;
            let tx = Transaction::statements(&engine).await?;
            let outcome = sessions::list(&tx, &caller).await;
            tx.end(outcome).await
        };
        self.run(list).await
    }

    async fn end_session(&self, by: &Principal, id: SessionId) -> Result<bool, StoreError> {
        let (engine, by) = (self.engine(), by.clone());
        let end = async move {
            let caller = authorize(&engine, &by, Scopes::ALL).await?;
            let tx = begin_write(&engine, &caller).await?;
            let outcome = sessions::end(&tx, &caller, id).await;
            tx.end(outcome).await
        };
        self.run(end).await
    }
}
