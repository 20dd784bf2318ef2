//! Work that is one statement with every condition in it.
//!
//! The statement does all of it or nothing. It may be sent together with others in one transaction, as they
//! do not depend on each other's answers; what takes nothing there is tried again alone, and then the rules
//! are asked why.

use std::sync::Arc;

use tokio_postgres::{Row, types::ToSql};
use vestibule_core::{Action, Timestamp};

use super::{
    asker::{Asker, Proof},
    fault::Fault,
    session::Session,
    shared::Shared,
};

/// A statement's parameter.
pub(super) type Param = Box<dyn ToSql + Sync + Send>;

/// Work that is one statement.
pub(super) trait Op: Send + Sync + 'static {
    /// What it ends in.
    type Answer: Send + Sync + 'static;

    /// The statement. Its first three parameters are those of [`Proof`].
    const SQL: &'static str;

    /// The other parameters, at `now`.
    fn params(&self, source: &str, now: Timestamp) -> Vec<Param>;

    /// Reads what the statement answered; `None` where it took nothing.
    fn read(&self, rows: &[Row], now: Timestamp) -> Result<Option<Self::Answer>, Fault>;

    /// What it has done, for the observer.
    fn happened(&self, answer: &Self::Answer) -> Vec<Action>;
}

/// All parameters of an operation.
pub(super) fn params<O: Op>(op: &O, proof: Proof, source: &str, now: Timestamp) -> Vec<Param> {
    let mut params: Vec<Param> = vec![Box::new(proof.key), Box::new(proof.secret), Box::new(proof.host)];
    params.extend(op.params(source, now));
    params
}

/// Does the work in a transaction of its own that is open already.
pub(super) async fn alone<O: Op>(
    session: &Session,
    asker: &Asker,
    op: &O,
) -> Result<Option<O::Answer>, Fault> {
    let params = params(op, asker.proof(), asker.grant.source.as_str(), session.now);
    let params: Vec<_> = params.iter().map(|param| &**param as &(dyn ToSql + Sync)).collect();
    let rows = session.query(O::SQL, &params).await?;
    let answer = op.read(&rows, session.now)?;
    if let Some(answer) = &answer {
        for action in op.happened(answer) {
            session.tally(asker.host_number, action);
        }
    }
    Ok(answer)
}

/// Begins the transaction in which the reason for an empty answer is found, the asker proved.
pub(super) async fn begin(shared: &Arc<Shared>, asker: &Asker) -> Result<Session, Fault> {
    let session = Session::write(shared, &[asker.host_number]).await?;
    match asker.prove(&session).await {
        Ok(()) => Ok(session),
        Err(fault) => session.end(Err(fault)).await,
    }
}
