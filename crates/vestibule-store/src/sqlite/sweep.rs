//! Forgetting invites that have long been over.

use vestibule_core::{Action, Cursor, ONCE_LIFE, Source, SweepStep, Timestamp, rules};

use super::{
    job::Fault,
    once,
    record::record_as,
    row::{invite_columns, read_invite},
    session::Session,
};

/// Rows that one step looks at: about a millisecond of the writer's time.
const STEP: i64 = 500;

const FROM: &str =
    concat!("SELECT ", invite_columns!(), ", place FROM invites WHERE place > ?1 ORDER BY place LIMIT ?2");

pub(super) fn sweep(
    session: &Session<'_>,
    over_before: Timestamp,
    from: Option<Cursor>,
) -> Result<SweepStep, Fault> {
    once::forget(session, STEP)?;
    // No invite is over before it is made, so this keeps all that are younger.
    let over_before = over_before.min(session.now.minus(ONCE_LIFE));
    let mut statement = session.statement(FROM)?;
    let from = from.map_or(0, |cursor| cursor.0);
    let mut rows = statement.query((from, STEP))?;
    let (mut looked_at, mut last, mut over) = (0, None, Vec::new());
    while let Some(row) = rows.next()? {
        looked_at += 1;
        let invite = read_invite(session, row)?;
        last = Some(Cursor(row.get("place")?));
        if rules::is_over_since(&invite) < over_before {
            over.push((row.get::<_, i64>(1)?, invite.id));
        }
    }
    drop(rows);
    for (host_number, id) in &over {
        session.statement("DELETE FROM claims WHERE invite = ?1")?.execute([id.to_bytes()])?;
        session.statement("DELETE FROM invites WHERE id = ?1")?.execute([id.to_bytes()])?;
        let source = Source::service();
        record_as(session, *host_number, source.as_str(), Action::InvitePurged, &id.to_string(), None)?;
    }
    let next = last.filter(|_| looked_at == STEP);
    Ok(SweepStep { removed: u32::try_from(over.len()).unwrap_or(u32::MAX), next })
}
