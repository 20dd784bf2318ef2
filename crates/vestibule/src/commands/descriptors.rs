//! The limit of file descriptors.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use vestibule_web::Limits;

/// File descriptors for other purposes than clients: the database, XMPP servers, logs.
const RESERVE: u64 = 128;

/// Raises the limit of file descriptors to what the connections need, and lowers the number of connections if the
/// system allows fewer.
pub(super) fn fit(limits: Limits) -> Limits {
    let wanted = limits.connections as u64 + RESERVE;
    let now = getrlimit(Resource::Nofile);
    // No limit, or high enough.
    let Some(current) = now.current.filter(|current| *current < wanted) else { return limits };
    let most = now.maximum.map_or(wanted, |maximum| maximum.min(wanted));
    let raised = Rlimit { current: Some(most), maximum: now.maximum };
    let given = if setrlimit(Resource::Nofile, raised).is_ok() { most } else { current };
    let fitted = fitting(limits, given);
    if fitted.connections < limits.connections {
        tracing::warn!(
            max_connections = fitted.connections,
            file_descriptors = given,
            "the system allows too few file descriptors for max_connections; raise LimitNOFILE"
        );
    }
    fitted
}

/// Limits the connections to the available file descriptors.
fn fitting(limits: Limits, descriptors: u64) -> Limits {
    let room = usize::try_from(descriptors.saturating_sub(RESERVE)).unwrap_or(usize::MAX).max(1);
    let connections = limits.connections.min(room);
    let connections_per_address = limits.connections_per_address.min(Limits::default_share(connections));
    if connections == limits.connections {
        return limits;
    }
    Limits { connections, connections_per_address, ..limits }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_fit_the_file_descriptors() {
        for (descriptors, connections, share) in [(5000, 4096, 512), (1024, 896, 112), (64, 1, 1)] {
            let fitted = fitting(Limits::default(), descriptors);
            assert_eq!(
                (fitted.connections, fitted.connections_per_address),
                (connections, share),
                "{descriptors}"
            );
        }
    }
}
