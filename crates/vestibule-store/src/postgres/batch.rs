//! Doing a batch in one transaction, sent in one go.

use std::{
    collections::BTreeMap,
    future::{Future, poll_fn},
    pin::Pin,
    task::Poll,
    time::Instant,
};

use futures_util::{
    TryStreamExt,
    future::{MaybeDone, maybe_done},
};
use tokio_postgres::{Row, Statement};
use vestibule_core::{Commit, Timestamp};

use super::{fault::Fault, mint, op::Param, pool::Link, session, shared::Shared, work::Work};

/// A statement that is to be sent, and which pieces of work it is for.
struct Part {
    sql: &'static str,
    params: Vec<Param>,
    works: Vec<usize>,
}

/// Does the work, and keeps with each piece what came of it. Where this fails, nothing was done; but after an
/// [`Fault::Outage`] that is not certain.
pub(super) async fn together(shared: &Shared, works: &mut [Work]) -> Result<(), Fault> {
    let hosts: Vec<i64> = works.iter().map(|work| work.asker().host_number).collect();
    let mut link = shared.pool.get().await?;
    let now = shared.now();
    let parts = parts(shared, works, now);
    let mut statements = Vec::with_capacity(parts.len());
    for part in &parts {
        statements.push(link.prepare_cached(part.sql).await?);
    }
    let begin = session::begin(shared, &hosts);
    link.set_resting(false);
    let (params, takers): (Vec<_>, Vec<_>) = parts.into_iter().map(|part| (part.params, part.works)).unzip();
    let answers = send(&link, &begin, statements.into_iter().zip(params)).await?;
    link.set_resting(true);
    drop(link);
    for (rows, takers) in answers.iter().zip(takers) {
        keep(works, &takers, rows, now)?;
    }
    let happened = works.iter().flat_map(|work| {
        let host = work.asker().host_number;
        work.happened().into_iter().map(move |action| (host, action, 1))
    });
    session::publish(shared, happened.collect());
    Ok(())
}

/// What is to be sent for all of the work. Invites of one host are minted by one statement; those that are
/// bound to a username by one each, as each must see the names that the others have taken.
fn parts(shared: &Shared, works: &mut [Work], now: Timestamp) -> Vec<Part> {
    let mut unbound: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    let mut parts = Vec::new();
    let mut minted = Vec::new();
    for (index, work) in works.iter_mut().enumerate() {
        match work {
            Work::Mint(piece) => {
                match piece.wanted.settle(shared, &piece.asker, now) {
                    Ok(invite) if invite.username.is_some() => minted.push(vec![index]),
                    Ok(_) => unbound.entry(piece.asker.host_number).or_default().push(index),
                    // Not in time, for example; that is for its asker alone.
                    Err(refusal) => piece.outcome = Err(refusal.into()),
                }
            }
            Work::Single(single) => {
                parts.push(Part { sql: single.sql(), params: single.params(now), works: vec![index] });
            }
        }
    }
    minted.extend(unbound.into_values());
    for indices in minted {
        let pieces = indices.iter().filter_map(|index| match &works[*index] {
            Work::Mint(piece) => Some((&piece.asker, &piece.wanted)),
            Work::Single(_) => None,
        });
        parts.push(Part { sql: mint::INSERT, params: mint::params(pieces, now), works: indices });
    }
    parts
}

/// Sends the begin, all statements and the commit without waiting in between, then waits for the answers.
async fn send(
    link: &Link,
    begin: &str,
    statements: impl Iterator<Item = (Statement, Vec<Param>)>,
) -> Result<Vec<Vec<Row>>, Fault> {
    let mut begin = Box::pin(maybe_done(link.batch_execute(begin)));
    start(begin.as_mut()).await;
    let mut answers = Vec::new();
    for (statement, params) in statements {
        let mut answer = Box::pin(maybe_done(async move {
            link.query_raw(&statement, params).await?.try_collect::<Vec<Row>>().await
        }));
        start(answer.as_mut()).await;
        answers.push(answer);
    }
    let mut commit = Box::pin(maybe_done(link.batch_execute("COMMIT")));
    start(commit.as_mut()).await;
    finish(begin).await?;
    let mut rows = Vec::with_capacity(answers.len());
    for answer in answers {
        // After one that failed, the server makes a rollback of the commit.
        rows.push(finish(answer).await?);
    }
    finish(commit).await?;
    Ok(rows)
}

/// Polls once, which sends what there is to send.
async fn start<F: Future>(mut future: Pin<&mut MaybeDone<F>>) {
    poll_fn(|context| {
        let _ = future.as_mut().poll(context);
        Poll::Ready(())
    })
    .await;
}

async fn finish<T, F>(mut future: Pin<Box<MaybeDone<F>>>) -> Result<T, Fault>
where
    F: Future<Output = Result<T, tokio_postgres::Error>>,
{
    future.as_mut().await;
    match future.as_mut().take_output() {
        Some(output) => Ok(output?),
        None => Err(Fault::Outage("an answer is missing".to_owned())),
    }
}

/// Keeps what came of the pieces of work that one statement was for.
fn keep(works: &mut [Work], takers: &[usize], rows: &[Row], now: Timestamp) -> Result<(), Fault> {
    for index in takers {
        if let Work::Single(single) = &mut works[*index] {
            single.keep(rows, now);
        }
    }
    for row in rows {
        // A mint's rows are the numbers, from 1, of the invites that were minted.
        let mint_of = |row: &Row| -> Result<Option<usize>, Fault> {
            let number: i64 = row.try_get(0)?;
            Ok(usize::try_from(number - 1).ok().and_then(|number| takers.get(number)).copied())
        };
        if takers.iter().any(|index| matches!(works[*index], Work::Mint(_)))
            && let Some(index) = mint_of(row)?
            && let Work::Mint(mint) = &mut works[index]
        {
            mint.outcome = Ok(mint.wanted.invite.take());
        }
    }
    Ok(())
}

/// Tells the observer about a commit.
pub(super) fn report(shared: &Shared, works: &[Work], begun: Instant, done: bool) {
    if let (true, Some(first)) = (done, works.first()) {
        shared.options.observer.committed(Commit {
            work: works.len(),
            waited: begun.saturating_duration_since(first.queued_at()),
            took: begun.elapsed(),
        });
    }
}
