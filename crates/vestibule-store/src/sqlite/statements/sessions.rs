//! Sessions of the console, and the links that start one.

use rusqlite::{OptionalExtension, Row};
use vestibule_core::{Session, SessionHash, Timestamp};

use crate::{
    caller::Caller,
    sql::statements,
    sqlite::{error::EngineError, transaction::Transaction},
    verbs::sessions::{LoginLink, SessionRows},
};

statements! {
    const INSERT_LINK: Sql = "INSERT INTO login_links (hash, host, name, expires_at) VALUES (?1, ?2, ?3, ?4)";

    const TAKE_LINK: Sql = "DELETE FROM login_links WHERE hash = ?1 RETURNING host, name, expires_at";

    const INSERT: Sql = "INSERT INTO sessions (hash, host, name, created_at, last_used_at) VALUES (?1, ?2, ?3, ?4, ?5)";

    const BY_HASH: Sql = "SELECT hash, host, name, created_at, last_used_at FROM sessions WHERE hash = ?1 \
         AND EXISTS (SELECT 1 FROM hosts WHERE id = sessions.host AND removed_at IS NULL)";

    const USE: Sql = "UPDATE sessions SET last_used_at = max(last_used_at, ?2) WHERE hash = ?1";

    const OF_HOST: Sql =
        "SELECT hash, host, name, created_at, last_used_at FROM sessions WHERE host = ?1 ORDER BY created_at";

    const DELETE: Sql = "DELETE FROM sessions WHERE hash = ?1";

    const DELETE_OLD_LINKS: Sql = "DELETE FROM login_links WHERE hash IN \
         (SELECT hash FROM login_links WHERE expires_at <= ?1 ORDER BY expires_at LIMIT ?2)";

    const DELETE_OLD: Sql = "DELETE FROM sessions WHERE hash IN \
         (SELECT hash FROM sessions WHERE last_used_at <= ?1 ORDER BY last_used_at LIMIT ?2)";
}

impl Transaction<'_> {
    fn read_session(&self, row: &Row<'_>) -> Result<(i64, Session), EngineError> {
        let host_number = row.get(1)?;
        let session = Session {
            hash: SessionHash::from_bytes(row.get(0)?),
            host: self.host(host_number)?,
            name: row.get(2)?,
            created_at: Timestamp::from_millis(row.get(3)?),
            last_used_at: Timestamp::from_millis(row.get(4)?),
        };
        Ok((host_number, session))
    }
}

/// The session with this hash, with the number of its host, unless the host was removed.
pub(in crate::sqlite) fn find_session(
    tx: &Transaction<'_>,
    hash: SessionHash,
) -> Result<Option<(i64, Session)>, EngineError> {
    let mut statement = tx.statement(BY_HASH)?;
    let found = statement.query_row([hash.as_bytes()], |row| Ok(tx.read_session(row)));
    found.optional()?.transpose()
}

impl SessionRows for Transaction<'_> {
    async fn insert_login_link(
        &self,
        host_number: i64,
        link: SessionHash,
        name: &str,
        expires_at: Timestamp,
    ) -> Result<(), EngineError> {
        let values = (link.as_bytes(), host_number, name, expires_at.as_millis());
        self.statement(INSERT_LINK)?.execute(values)?;
        Ok(())
    }

    async fn take_login_link(&self, link: SessionHash) -> Result<Option<LoginLink>, EngineError> {
        let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get::<_, i64>(2)?));
        let found = self.statement(TAKE_LINK)?.query_row([link.as_bytes()], read).optional()?;
        let Some((host_number, name, expires_at)) = found else { return Ok(None) };
        let (host, expires_at) = (self.host(host_number)?, Timestamp::from_millis(expires_at));
        Ok(Some(LoginLink { host_number, host, name, expires_at }))
    }

    async fn insert_session(&self, host_number: i64, session: &Session) -> Result<(), EngineError> {
        self.statement(INSERT)?.execute((
            session.hash.as_bytes(),
            host_number,
            &session.name,
            session.created_at.as_millis(),
            session.last_used_at.as_millis(),
        ))?;
        Ok(())
    }

    async fn store_session_use(&self, hash: SessionHash) -> Result<(), EngineError> {
        self.statement(USE)?.execute((hash.as_bytes(), self.now.as_millis()))?;
        Ok(())
    }

    async fn sessions(&self, caller: &Caller) -> Result<Vec<Session>, EngineError> {
        let mut statement = self.statement(OF_HOST)?;
        let mut rows = statement.query([caller.host_number])?;
        let mut sessions = Vec::new();
        while let Some(row) = rows.next()? {
            sessions.push(self.read_session(row)?.1);
        }
        Ok(sessions)
    }

    async fn delete_session(&self, hash: SessionHash) -> Result<(), EngineError> {
        self.statement(DELETE)?.execute([hash.as_bytes()])?;
        Ok(())
    }

    async fn delete_old_sessions(
        &self,
        links_until: Timestamp,
        used_until: Timestamp,
        limit: i64,
    ) -> Result<(), EngineError> {
        self.statement(DELETE_OLD_LINKS)?.execute((links_until.as_millis(), limit))?;
        self.statement(DELETE_OLD)?.execute((used_until.as_millis(), limit))?;
        Ok(())
    }
}
