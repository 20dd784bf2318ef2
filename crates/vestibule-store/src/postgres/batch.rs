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
use tokio_postgres::{Row, Statement};
use vestibule_core::Commit;

use super::{
    fault::Fault,
    op::{Param, Touched},
    pool::Link,
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
/// after an [`Fault::Outage`] that is not certain.
pub(super) async fn together(shared: &Shared, host: i64, works: &mut Works) -> Result<(), Fault> {
    let mut link = shared.pool.get().await?;
    let now = shared.now();
    let mut statements = Vec::new();
    let mut takers = Vec::new();
    for (number, group) in works.groups().into_iter().enumerate() {
        for part in group.plan(shared, now) {
            statements.push((link.prepare_cached(part.sql).await?, part.params));
            takers.push((number, part.takers));
        }
    }
    let begin = session::begin(shared, &[host]);
    link.set_resting(false);
    let answers = send(&link, &begin, statements).await?;
    link.set_resting(true);
    drop(link);
    for ((number, takers), rows) in takers.iter().zip(&answers) {
        works.groups()[*number].keep(takers, rows, now)?;
    }
    let happened = works.groups().into_iter().flat_map(|group| group.happened());
    session::publish(shared, happened.map(|action| (host, action, 1)).collect());
    Ok(())
}

/// Sends the begin, all statements and the commit without waiting in between, then waits for the answers.
async fn send(
    link: &Link,
    begin: &str,
    statements: Vec<(Statement, Vec<Param>)>,
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
