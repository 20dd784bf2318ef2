//! The audit log.

use rusqlite::Row;
use vestibule_core::{Action, Event, Host, Policies, Source, Timestamp};

use crate::{
    caller::Caller,
    key_uses::KeyUses,
    row_key::row_keys_of,
    sql::statements,
    sqlite::{
        error::EngineError,
        transaction::{Table, Transaction},
    },
    verbs::rows::{EventRows, PageRow, Subject, TransactionContext},
};

statements! {
    const APPEND: Sql = "INSERT INTO events (place, at, source, action, subject, detail) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)";

    const AFTER: Sql = "SELECT place, at, source, action, subject, detail FROM events \
         WHERE place > ?1 AND place < ?2 ORDER BY place LIMIT ?3";
}

/// Appends an event of a host.
pub(in crate::sqlite) fn append_event(
    tx: &Transaction<'_>,
    host_number: i64,
    source: &Source,
    action: Action,
    subject: Subject<'_>,
    detail: Option<&str>,
) -> rusqlite::Result<()> {
    tx.count_action(host_number, action);
    let row_key = tx.next_row_key(Table::Events, host_number)?;
    let at = tx.now.as_millis();
    let mut statement = tx.statement(APPEND)?;
    match subject {
        Subject::Invite(id) => {
            statement.execute((row_key, at, source.as_str(), action.as_str(), id.to_string(), detail))
        }
        Subject::Key(id) => {
            statement.execute((row_key, at, source.as_str(), action.as_str(), id.as_str(), detail))
        }
        Subject::Person(name) => {
            statement.execute((row_key, at, source.as_str(), action.as_str(), name, detail))
        }
        Subject::Member(username) => {
            statement.execute((row_key, at, source.as_str(), action.as_str(), username.as_str(), detail))
        }
    }
    .map(drop)
}

impl TransactionContext for Transaction<'_> {
    type Error = EngineError;

    fn now(&self) -> Timestamp {
        self.now
    }

    fn policies(&self) -> &Policies {
        &self.engine.options.policies
    }

    fn key_uses(&self) -> &KeyUses {
        &self.engine.key_uses
    }

    async fn append_event(
        &self,
        caller: &Caller,
        action: Action,
        subject: Subject<'_>,
        detail: Option<&str>,
    ) -> Result<(), EngineError> {
        Ok(append_event(self, caller.host_number, &caller.auth.source, action, subject, detail)?)
    }
}

impl EventRows for Transaction<'_> {
    async fn events_after(
        &self,
        caller: &Caller,
        after: i64,
        limit: usize,
    ) -> Result<Vec<PageRow<i64, Event>>, EngineError> {
        let row_keys = row_keys_of(caller.host_number);
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut statement = self.statement(AFTER)?;
        let mut rows = statement.query((row_keys.start + after, row_keys.end, limit))?;
        let mut events = Vec::new();
        while let Some(row) = rows.next()? {
            let seq = row.get::<_, i64>(0)? - row_keys.start;
            events.push((seq, self.readable(read_event(row, seq, &caller.auth.host))?));
        }
        Ok(events)
    }
}

fn read_event(row: &Row<'_>, seq: i64, host: &Host) -> Result<Event, EngineError> {
    let action: String = row.get(3)?;
    Ok(Event {
        seq,
        at: Timestamp::from_millis(row.get(1)?),
        host: host.clone(),
        source: Source::from_stored(row.get(2)?),
        action: Action::from_stored(&action)
            .ok_or_else(|| EngineError::Corrupt(format!("event {seq} of {host}: action {action}")))?,
        subject: row.get(4)?,
        detail: row.get(5)?,
    })
}
