//! The audit log.

use tokio_postgres::Row;
use vestibule_core::{Action, Event, Host, InviteId, Policies, Source, Timestamp};

use super::{fragments::last_row_key, invites::array};
use crate::{
    caller::Caller,
    key_uses::KeyUses,
    postgres::{error::EngineError, transactions::transaction::Transaction},
    row_key::row_keys_of,
    sql::statements,
    verbs::rows::{EventRows, PageRow, Subject, TransactionContext},
};

statements! {
    const APPEND: Sql = concat!(
        "INSERT INTO events (place, at, source, action, invite, subject, detail) SELECT ",
        last_row_key!("events"),
        " + 1, $1::bigint, $2::text, $4::text, $5::bytea, $6::text, $7::text"
    );

    const AFTER: Sql = "SELECT place, at, source, action, invite, subject, detail FROM events \
         WHERE place > $1 AND place < $2 ORDER BY place LIMIT $3";
}

impl TransactionContext for Transaction {
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
        let (invite, subject) = match subject {
            Subject::Invite(id) => (Some(id.to_bytes()), None),
            Subject::Key(id) => (None, Some(id.as_str())),
            Subject::Person(name) => (None, Some(name)),
            Subject::Member(username) => (None, Some(username.as_str())),
        };
        self.count_action(caller.host_number, action);
        let invite = invite.as_ref().map(<[u8; 16]>::as_slice);
        let (at, source, action) = (self.now.as_millis(), caller.auth.source.as_str(), action.as_str());
        self.execute(APPEND, &[&at, &source, &caller.host_number, &action, &invite, &subject, &detail])
            .await
            .map(drop)
    }
}

impl EventRows for Transaction {
    async fn events_after(
        &self,
        caller: &Caller,
        after: i64,
        limit: usize,
    ) -> Result<Vec<PageRow<i64, Event>>, EngineError> {
        let row_keys = row_keys_of(caller.host_number);
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut events = Vec::new();
        for row in self.query(AFTER, &[&(row_keys.start + after), &row_keys.end, &limit]).await? {
            let seq = row.try_get::<_, i64>(0)? - row_keys.start;
            events.push((seq, self.engine.readable(read_event(&row, seq, &caller.auth.host))?));
        }
        Ok(events)
    }
}

fn read_event(row: &Row, seq: i64, host: &Host) -> Result<Event, EngineError> {
    let action: &str = row.try_get(3)?;
    let subject = match row.try_get::<_, Option<String>>(5)? {
        Some(subject) => subject,
        None => InviteId::from_bytes(array(row, 4)?).to_string(),
    };
    Ok(Event {
        seq,
        at: Timestamp::from_millis(row.try_get(1)?),
        host: host.clone(),
        source: Source::from_stored(row.try_get(2)?),
        action: Action::from_stored(action)
            .ok_or_else(|| EngineError::Corrupt(format!("event {seq} of {host}: action {action}")))?,
        subject,
        detail: row.try_get(6)?,
    })
}
