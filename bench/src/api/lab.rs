//! What every part of the measurement needs.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use vestibule_e2e::Vestibule;

use super::{Call, plan::ApiPlan};
use crate::error::BenchError;
use crate::store::{Filling, Running, Store};
use crate::subject::{self, Pressure, Run, Subject};
use crate::wrk::{THREADS, Target};

const POST: &str = include_str!("../../load/post.lua");
const WALK: &str = include_str!("../../load/walk.lua");

/// The binary, the plan, a folder, and something to run clients on.
#[derive(Debug)]
pub(crate) struct Lab<'a> {
    pub binary: &'a Path,
    pub scratch: &'a Path,
    pub plan: &'a ApiPlan,
    pub runtime: Runtime,
    post: PathBuf,
    walk: PathBuf,
}

impl<'a> Lab<'a> {
    /// Sets it up in `scratch`.
    pub(crate) fn new(binary: &'a Path, scratch: &'a Path, plan: &'a ApiPlan) -> Result<Self, BenchError> {
        let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build();
        let runtime = runtime.map_err(BenchError::io("starting threads"))?;
        let (post, walk) = (write(scratch, "post.lua", POST)?, write(scratch, "walk.lua", WALK)?);
        Ok(Self { binary, scratch, plan, runtime, post, walk })
    }

    /// Writes a file for `wrk`, for as long as the measurement takes.
    pub(crate) fn write(&self, name: &str, text: &str) -> Result<PathBuf, BenchError> {
        write(self.scratch, name, text)
    }

    /// A store with a key that may do everything, and the links of its invites, one a line.
    pub(crate) fn store(&self, name: &str, invites: u64) -> Result<(Store, String), BenchError> {
        Store::prepare(self.binary, self.scratch, &Filling { name, scope: "bridge", invites })
    }

    /// A server on a copy of `store`.
    pub(crate) fn serve(&self, store: &Store) -> Result<Running, BenchError> {
        store.run(self.scratch)
    }

    /// The mint of the JSON API.
    pub(crate) fn mint(&self, server: &Vestibule, key: &str) -> Target {
        Target {
            url: format!("{}/v1/invites", server.url()),
            headers: vec![format!("Authorization: Bearer {key}")],
            script: Some(self.post.clone()),
            args: Vec::new(),
        }
    }

    /// Requests from a file, each made once, see `walk.lua`.
    pub(crate) fn walk(&self, server: &Vestibule, key: &str, file: &Path) -> Target {
        Target {
            url: server.url(),
            headers: Vec::new(),
            script: Some(self.walk.clone()),
            args: vec![file.into(), key.into(), THREADS.to_string().into()],
        }
    }

    /// Puts on the `load` while `company` does its work beside it, which ends soon after its flag is set.
    pub(crate) fn beside<T, F>(
        &self,
        company: impl FnOnce(Arc<AtomicBool>) -> F,
        load: impl FnOnce() -> Result<Run, BenchError>,
    ) -> Result<(Run, T), BenchError>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, BenchError>> + Send + 'static,
    {
        let over = Arc::new(AtomicBool::new(false));
        let company = self.runtime.spawn(company(Arc::clone(&over)));
        let run = load();
        over.store(true, Ordering::Relaxed);
        let worked = self.runtime.block_on(company).map_err(|error| BenchError::Call {
            what: "the work beside the load".to_owned(),
            why: error.to_string(),
        })?;
        Ok((run?, worked?))
    }
}

/// Puts load on `server` with one call.
pub(crate) fn load(
    call: Call,
    server: &Vestibule,
    target: &Target,
    connections: u32,
    duration: Duration,
) -> Result<Run, BenchError> {
    let pressure = Pressure { connections, duration };
    Ok(subject::load(Subject::Call(call), server.pid(), target, pressure)?.told())
}

fn write(folder: &Path, name: &str, text: &str) -> Result<PathBuf, BenchError> {
    let path = folder.join(name);
    fs::write(&path, text).map_err(BenchError::io(format!("writing {}", path.display())))?;
    Ok(path)
}
