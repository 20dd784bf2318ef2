//! Doing a batch in one transaction, sent in one go.

use std::{
    collections::HashMap,
    future::{Future, poll_fn},
    pin::Pin,
    task::Poll,
    time::Instant,
};

use futures_util::{
    TryStreamExt,
    future::{MaybeDone, maybe_done},
};
use tokio::time::timeout;
use tokio_postgres::{Row, Statement};
use vestibule_core::Commit;

use super::{
    fault::Fault,
    op::{Param, Touched},
    pool::{LIMIT, Link, Purpose, SILENT},
    session,
    shared::Shared,
    work::Works,
};

/// A statement that is to be sent.
pub(super) struct Part {
    pub(super) sql: &'static str,
    pub(super) params: Vec<Param>,
    /// Which pieces of their group it is for, in the order of their numbers.
    pub(super) takers: Vec<usize>,
}

/// Spreads pieces over as few statements as it takes for no two of one statement to touch the same.
pub(super) fn waves(pieces: impl Iterator<Item = (usize, Vec<Touched>)>) -> Vec<Vec<usize>> {
    let mut waves: Vec<Vec<usize>> = Vec::new();
    // The first wave in which a thing is free again.
    let mut free: HashMap<Touched, usize> = HashMap::new();
    for (index, touches) in pieces {
        let wave = touches.iter().filter_map(|touched| free.get(touched)).copied().max().unwrap_or(0);
        if waves.len() == wave {
            waves.push(Vec::new());
        }
        waves[wave].push(index);
        free.extend(touches.into_iter().map(|touched| (touched, wave + 1)));
    }
    waves
}

/// Does the work of one host, and keeps with each piece what came of it. Where this fails, nothing was done; but
/// after a [`Fault::Unknown`] that is not certain. `false`: nothing was done because this node's moment was not the
/// database's; it is now.
pub(super) async fn together(shared: &Shared, host: i64, works: &mut Works) -> Result<bool, Fault> {
    let mut link = shared.pool.get(Purpose::Change).await?;
    let now = shared.now();
    let mut statements = Vec::new();
    let mut takers = Vec::new();
    for (number, group) in works.groups().into_iter().enumerate() {
        for part in group.plan(shared, now) {
            let statement = shared.pool.answer(link.prepare_cached(part.sql)).await;
            let statement = statement.inspect_err(|_| link.set_resting(false))?;
            statements.push((statement, part.params));
            takers.push((number, part.takers));
        }
    }
    let begin = session::begin(shared, &[host], Some(now));
    link.set_resting(false);
    let Ok(sent) = timeout(LIMIT, send(&link, &begin, statements)).await else {
        drop(link);
        shared.pool.examine().await;
        return Err(Fault::Unknown(SILENT.to_owned()));
    };
    // Whatever the server has answered in full, to the commit as well, it is at rest after.
    link.set_resting(sent.complete && !link.is_closed());
    let (in_time, answers) = sent.outcome?;
    if !in_time {
        let measured = shared.pool.answer(shared.moment.measure(&link)).await;
        return measured.map(|()| false).inspect_err(|_| link.set_resting(false));
    }
    drop(link);
    for ((number, takers), rows) in takers.iter().zip(&answers) {
        works.groups()[*number].keep(takers, rows, now)?;
    }
    let happened = works.groups().into_iter().flat_map(|group| group.happened());
    session::publish(shared, happened.map(|action| (host, action, 1)).collect());
    Ok(true)
}

/// What came of what was sent.
struct Sent {
    /// The commit was answered, by a rollback after an error.
    complete: bool,
    /// Whether the moment was the database's, and the rows of each statement.
    outcome: Result<(bool, Vec<Vec<Row>>), Fault>,
}

/// Sends the begin, all statements and the commit without waiting in between, then waits for the answers.
async fn send(link: &Link, begin: &str, statements: Vec<(Statement, Vec<Param>)>) -> Sent {
    let mut begin = Box::pin(maybe_done(link.simple_query(begin)));
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
    let started = finish(begin).await.map_err(Fault::before_commit);
    let mut rows = Ok(Vec::with_capacity(answers.len()));
    for answer in answers {
        // After one that failed, the server makes a rollback of the commit, and rejects the rest.
        let answer = finish(answer).await.map_err(Fault::before_commit);
        rows = match (rows, answer) {
            (Ok(mut rows), Ok(more)) => {
                rows.push(more);
                Ok(rows)
            }
            (Ok(_), Err(fault)) => Err(fault),
            (fault, _) => fault,
        };
    }
    let committed = finish(commit).await;
    let complete = committed.is_ok();
    let outcome = match (started, rows, committed) {
        (Err(fault), _, _) | (_, Err(fault), _) => Err(fault),
        (_, _, Err(error)) => Err(Fault::of_commit(error)),
        (Ok(answer), Ok(rows), Ok(())) => session::begun(&answer).map(|begun| (begun.in_time, rows)),
    };
    Sent { complete, outcome }
}

/// Polls once, which sends what there is to send.
async fn start<F: Future>(mut future: Pin<&mut MaybeDone<F>>) {
    poll_fn(|context| {
        let _ = future.as_mut().poll(context);
        Poll::Ready(())
    })
    .await;
}

#[expect(clippy::expect_used, reason = "what was awaited has an output, which is taken here alone")]
async fn finish<F: Future>(mut future: Pin<Box<MaybeDone<F>>>) -> F::Output {
    future.as_mut().await;
    future.as_mut().take_output().expect("a future that is done has an output")
}

/// Tells the observer about a commit.
pub(super) fn report(shared: &Shared, works: &Works, begun: Instant, done: bool) {
    if let (true, Some(queued_at)) = (done, works.queued_at) {
        shared.options.observer.committed(Commit {
            work: works.count,
            waited: begun.saturating_duration_since(queued_at),
            took: begun.elapsed(),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_statement_touches_a_thing_twice_and_none_overtakes(
            pieces in prop::collection::vec(prop::collection::btree_set(0_u8..6, 0..3), 0..40),
        ) {
            let touches = |index: usize| pieces[index].iter().map(|thing| vec![*thing]).collect();
            let waves = waves((0..pieces.len()).map(|index| (index, touches(index))));
            let mut seen: Vec<usize> = waves.concat();
            seen.sort_unstable();
            prop_assert_eq!(seen, (0..pieces.len()).collect::<Vec<_>>());
            let wave_of = |index: usize| waves.iter().position(|wave| wave.contains(&index)).unwrap();
            for later in 0..pieces.len() {
                for earlier in 0..later {
                    if !pieces[earlier].is_disjoint(&pieces[later]) {
                        prop_assert!(wave_of(earlier) < wave_of(later));
                    }
                }
            }
            // As few as there can be: each piece waits for one in the wave before.
            for (before, wave) in waves.iter().zip(waves.iter().skip(1)) {
                for piece in wave {
                    prop_assert!(before.iter().any(|other| !pieces[*other].is_disjoint(&pieces[*piece])));
                }
            }
            prop_assert!(waves.iter().all(|wave| !wave.is_empty()));
        }
    }
}
