//! Supervised threads and tasks: a panic in one of them aborts the process, so that its supervisor restarts it.
//! Otherwise the service would answer 503 until someone notices.

use std::{future::Future, process, thread};

use tokio::task::JoinHandle;

/// Aborts the process when a panic drops it.
#[derive(Debug)]
pub(crate) struct AbortOnPanic(pub(crate) &'static str);

impl Drop for AbortOnPanic {
    fn drop(&mut self) {
        if thread::panicking() {
            tracing::error!(what = self.0, "a database thread has panicked; the process ends");
            process::abort();
        }
    }
}

/// Starts a supervised task. Must be called inside a tokio runtime.
pub(crate) fn spawn_supervised(
    name: &'static str,
    task: impl Future<Output = ()> + Send + 'static,
) -> JoinHandle<()> {
    tokio::spawn(async move {
        let guard = AbortOnPanic(name);
        task.await;
        drop(guard);
    })
}

#[cfg(test)]
mod tests {
    use std::{env, os::unix::process::ExitStatusExt, process::Command};

    use super::*;

    /// Set in the child process, which must end.
    const INSIDE: &str = "VESTIBULE_TEST_PANIC";

    /// Runs the same test in a child process, where it panics. Returns the signal that ended it.
    fn signal_of(test: &str) -> Option<i32> {
        let mut inside = Command::new(env::current_exe().unwrap());
        inside.args([test, "--exact", "--nocapture"]).env(INSIDE, "yes");
        inside.output().unwrap().status.signal()
    }

    fn is_inside() -> bool {
        env::var_os(INSIDE).is_some()
    }

    const ABORTED: i32 = 6;

    #[test]
    fn a_panic_in_a_task_ends_the_process() {
        if !is_inside() {
            assert_eq!(signal_of("supervised::tests::a_panic_in_a_task_ends_the_process"), Some(ABORTED));
            return;
        }
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap();
        let task =
            runtime.block_on(async { spawn_supervised("a test", async { panic!("on purpose") }).await });
        unreachable!("{task:?}");
    }

    #[test]
    fn a_panic_in_a_thread_ends_the_process() {
        if !is_inside() {
            assert_eq!(signal_of("supervised::tests::a_panic_in_a_thread_ends_the_process"), Some(ABORTED));
            return;
        }
        let thread = thread::spawn(|| {
            let _guard = AbortOnPanic("a test");
            panic!("on purpose");
        });
        unreachable!("{:?}", thread.join());
    }
}
