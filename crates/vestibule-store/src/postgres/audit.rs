//! Writing the audit log.

use vestibule_core::{Action, InviteId};

use super::{engine_error::EngineError, transaction::Transaction};

/// The last place that is taken in a table, `invites` or `events`, by the host that is a statement's third
/// parameter, as a piece of SQL. The host is locked, so nobody else takes one meanwhile.
macro_rules! last_row_key {
    ($table:literal) => {
        concat!(
            "coalesce((SELECT place FROM ",
            $table,
            " WHERE place > ($3::bigint << 40) AND place < (($3::bigint + 1) << 40) \
             ORDER BY place DESC LIMIT 1), $3::bigint << 40)"
        )
    };
}
pub(super) use last_row_key;

/// What an event is about.
#[derive(Clone, Copy, Debug)]
pub(super) enum Subject<'a> {
    Invite(InviteId),
    Key(&'a str),
}

/// Writes one event of a host.
pub(super) async fn append_event(
    tx: &Transaction,
    host_number: i64,
    source: &str,
    action: Action,
    subject: Subject<'_>,
    detail: Option<&str>,
) -> Result<(), EngineError> {
    const RECORD: &str = concat!(
        "INSERT INTO events (place, at, source, action, invite, subject, detail) SELECT ",
        last_row_key!("events"),
        " + 1, $1::bigint, $2::text, $4::text, $5::bytea, $6::text, $7::text"
    );
    let (invite, subject) = match subject {
        Subject::Invite(id) => (Some(id.to_bytes()), None),
        Subject::Key(id) => (None, Some(id)),
    };
    tx.action_counts(host_number, action);
    let invite = invite.as_ref().map(<[u8; 16]>::as_slice);
    let at = tx.now.as_millis();
    tx.execute(RECORD, &[&at, &source, &host_number, &action.as_str(), &invite, &subject, &detail])
        .await
        .map(drop)
}
