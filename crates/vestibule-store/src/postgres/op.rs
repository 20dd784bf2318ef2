//! Work of which one statement does many pieces.
//!
//! The statement has every condition in it: it does a piece in full or leaves it alone, and answers the numbers
//! of those that it did. So pieces that do not touch the same things share a statement, and statements that do
//! not need each other's answers share a transaction. Where a piece was left, the rules are asked why, over a
//! snapshot and without the host's lock; where they say yes by then, it is tried again alone under the lock.

use std::sync::Arc;

use tokio::sync::SemaphorePermit;
use tokio_postgres::{Row, types::ToSql};
use vestibule_core::{Action, Timestamp};

use super::{
    asker::Asker,
    fault::Fault,
    session::Session,
    shared::Shared,
    work::{Piece, Work},
};

/// A statement's parameter.
pub(super) type Param = Box<dyn ToSql + Sync + Send>;

/// What a piece of work changes or counts, by its id or name.
pub(super) type Touched = Vec<u8>;

/// Work of which one statement does many pieces, all of one host.
pub(super) trait Op: Sized + Send + Sync + 'static {
    /// What a piece ends in.
    type Answer: Send + Sync + 'static;

    /// Puts a piece among work of all kinds.
    const WORK: fn(Box<Piece<Self>>) -> Work;

    /// The statement. Its first three parameters are the ids and the secrets of the keys that ask, where they
    /// are keys, and the number of the host. It answers a row for each piece that it did, which begins with the
    /// piece's number, from 1.
    const SQL: &'static str;

    /// Works out what depends on the moment. A fault is for this piece alone.
    fn settle(&mut self, _shared: &Shared, _asker: &Asker, _now: Timestamp) -> Result<(), Fault> {
        Ok(())
    }

    /// What no other piece of the same statement may touch, as none sees what the others do.
    fn touches(&self) -> Vec<Touched>;

    /// The other parameters, at `now`.
    fn params(pieces: &[(&Asker, &Self)], now: Timestamp) -> Vec<Param>;

    /// Reads what the statement answered for this piece.
    fn read(&mut self, row: &Row, now: Timestamp) -> Result<Self::Answer, Fault>;

    /// What it has done, for the observer.
    fn happened(answer: &Self::Answer) -> Vec<Action>;
}

/// One parameter with a value for each row.
pub(super) fn column<R, T>(rows: &[R], value: impl Fn(&R) -> T) -> Param
where
    T: ToSql + Send + Sync + 'static,
{
    Box::new(rows.iter().map(value).collect::<Vec<T>>())
}

/// All parameters of these pieces, which are settled and of one host.
pub(super) fn params<O: Op>(pieces: &[(&Asker, &O)], now: Timestamp) -> Vec<Param> {
    let host = pieces.first().map_or(0, |(asker, _)| asker.host_number);
    let mut params: Vec<Param> = vec![
        column(pieces, |(asker, _)| asker.key_id()),
        column(pieces, |(asker, _)| asker.key_secret()),
        Box::new(host),
    ];
    params.extend(O::params(pieces, now));
    params
}

/// Does pieces in a transaction of their own that is open already. Answers a row for each that was done.
pub(super) async fn run<O: Op>(session: &Session, pieces: &[(&Asker, &O)]) -> Result<Vec<Row>, Fault> {
    let params = params(pieces, session.now);
    let params: Vec<_> = params.iter().map(|param| &**param as &(dyn ToSql + Sync)).collect();
    session.query(O::SQL, &params).await
}

/// Does one piece in a transaction of its own that is open already.
pub(super) async fn alone<O: Op>(
    session: &Session,
    asker: &Asker,
    op: &mut O,
) -> Result<Option<O::Answer>, Fault> {
    op.settle(&session.shared, asker, session.now)?;
    let rows = run(session, &[(asker, &*op)]).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let answer = op.read(row, session.now)?;
    for action in O::happened(&answer) {
        session.tally(asker.host_number, action);
    }
    Ok(Some(answer))
}

/// Begins to read why a piece was left alone, the asker proved. Takes no lock of the host; few do so at a time.
/// The statements need not see the same moment: uses only grow, and where the rules say yes in the end, the piece is
/// tried again under the lock.
pub(super) async fn look<'a>(
    shared: &'a Arc<Shared>,
    asker: &Asker,
) -> Result<(SemaphorePermit<'a>, Session), Fault> {
    let turn = shared.turns.reason().await?;
    let session = Session::peek(shared).await?;
    match asker.prove(&session).await {
        Ok(()) => Ok((turn, session)),
        Err(fault) => session.end(Err(fault)).await,
    }
}

/// Begins a transaction of one host's own, the asker proved.
pub(super) async fn begin(shared: &Arc<Shared>, asker: &Asker) -> Result<Session, Fault> {
    let session = Session::write(shared, &[asker.host_number]).await?;
    match asker.prove(&session).await {
        Ok(()) => Ok(session),
        Err(fault) => session.end(Err(fault)).await,
    }
}
