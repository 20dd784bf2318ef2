//! Sessions of the console, and the links that start one.

use tokio_postgres::Row;
use vestibule_core::{Host, Session, SessionHash, Timestamp};

use super::invites::array;
use crate::{
    caller::Caller,
    postgres::{
        error::EngineError,
        transactions::{engine::EngineContext, host_lookup, transaction::Transaction},
    },
    sql::statements,
    verbs::sessions::{LoginLink, SessionRows},
};

statements! {
    const INSERT_LINK: Sql = "INSERT INTO login_links (hash, host, name, expires_at) VALUES ($1, $2, $3, $4)";

    const TAKE_LINK: Sql = "DELETE FROM login_links WHERE hash = $1 RETURNING host, name, expires_at";

    const HOST_OF_LINK: Sql = "SELECT host FROM login_links WHERE hash = $1";

    const INSERT: Sql = "INSERT INTO sessions (hash, host, name, created_at, last_used_at) VALUES ($1, $2, $3, $4, $5)";

    const BY_HASH: Sql = "SELECT hash, host, name, created_at, last_used_at FROM sessions WHERE hash = $1 \
         AND EXISTS (SELECT FROM hosts WHERE id = sessions.host AND removed_at IS NULL)";

    const USE: Sql = "UPDATE sessions SET last_used_at = greatest(last_used_at, $2) WHERE hash = $1";

    const OF_HOST: Sql =
        "SELECT hash, host, name, created_at, last_used_at FROM sessions WHERE host = $1 ORDER BY created_at";

    const DELETE: Sql = "DELETE FROM sessions WHERE hash = $1";

    const DELETE_OLD_LINKS: Sql = "DELETE FROM login_links WHERE hash IN \
         (SELECT hash FROM login_links WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)";

    const DELETE_OLD: Sql = "DELETE FROM sessions WHERE hash IN \
         (SELECT hash FROM sessions WHERE last_used_at <= $1 ORDER BY last_used_at LIMIT $2)";
}

/// The session with this hash, with the number of its host, unless the host was removed.
pub(in crate::postgres) async fn find_session(
    engine: &EngineContext,
    hash: SessionHash,
) -> Result<Option<(i64, Session)>, EngineError> {
    let rows = engine.query(BY_HASH, &[&hash.as_bytes().as_slice()]).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let host_number = row.try_get(1)?;
    let host = host_lookup::host(engine, host_number).await?;
    Ok(Some((host_number, read_session(row, host)?)))
}

/// The number of the host of a login link.
pub(in crate::postgres) async fn host_of_link(
    engine: &EngineContext,
    link: SessionHash,
) -> Result<Option<i64>, EngineError> {
    let rows = engine.query(HOST_OF_LINK, &[&link.as_bytes().as_slice()]).await?;
    Ok(rows.first().map(|row| row.try_get(0)).transpose()?)
}

impl SessionRows for Transaction {
    async fn insert_login_link(
        &self,
        host_number: i64,
        link: SessionHash,
        name: &str,
        expires_at: Timestamp,
    ) -> Result<(), EngineError> {
        let hash = link.as_bytes().as_slice();
        self.execute(INSERT_LINK, &[&hash, &host_number, &name, &expires_at.as_millis()]).await.map(drop)
    }

    async fn take_login_link(&self, link: SessionHash) -> Result<Option<LoginLink>, EngineError> {
        let Some(row) = self.query_opt(TAKE_LINK, &[&link.as_bytes().as_slice()]).await? else {
            return Ok(None);
        };
        let host_number = row.try_get(0)?;
        let host = host_lookup::host(&self.engine, host_number).await?;
        let expires_at = Timestamp::from_millis(row.try_get(2)?);
        Ok(Some(LoginLink { host_number, host, name: row.try_get(1)?, expires_at }))
    }

    async fn insert_session(&self, host_number: i64, session: &Session) -> Result<(), EngineError> {
        let hash = session.hash.as_bytes().as_slice();
        let (created_at, used_at) = (session.created_at.as_millis(), session.last_used_at.as_millis());
        self.execute(INSERT, &[&hash, &host_number, &session.name, &created_at, &used_at]).await.map(drop)
    }

    async fn store_session_use(&self, hash: SessionHash) -> Result<(), EngineError> {
        self.execute(USE, &[&hash.as_bytes().as_slice(), &self.now.as_millis()]).await.map(drop)
    }

    async fn sessions(&self, caller: &Caller) -> Result<Vec<Session>, EngineError> {
        let rows = self.query(OF_HOST, &[&caller.host_number]).await?;
        rows.iter().map(|row| read_session(row, caller.auth.host.clone())).collect()
    }

    async fn delete_session(&self, hash: SessionHash) -> Result<(), EngineError> {
        self.execute(DELETE, &[&hash.as_bytes().as_slice()]).await.map(drop)
    }

    async fn delete_old_sessions(
        &self,
        links_until: Timestamp,
        used_until: Timestamp,
        limit: i64,
    ) -> Result<(), EngineError> {
        self.execute(DELETE_OLD_LINKS, &[&links_until.as_millis(), &limit]).await?;
        self.execute(DELETE_OLD, &[&used_until.as_millis(), &limit]).await.map(drop)
    }
}

fn read_session(row: &Row, host: Host) -> Result<Session, EngineError> {
    Ok(Session {
        hash: SessionHash::from_bytes(array(row, 0)?),
        host,
        name: row.try_get(2)?,
        created_at: Timestamp::from_millis(row.try_get(3)?),
        last_used_at: Timestamp::from_millis(row.try_get(4)?),
    })
}
