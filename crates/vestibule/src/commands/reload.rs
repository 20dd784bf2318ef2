//! Reloads the configuration on SIGHUP.

use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::{cli_error::CliError, config::Settings, service_manager::ServiceManager};

/// SIGHUP. It no longer ends the process once this function was called.
pub(super) fn reload_signal() -> Result<Signal, CliError> {
    Ok(signal(SignalKind::hangup())?)
}

/// Reloads on each signal: `gather` reads the settings, and `apply` applies them or changes nothing. `running` are the
/// settings of the start.
pub(super) async fn run(
    mut reload: Signal,
    running: &Settings,
    gather: impl Fn() -> Result<Settings, CliError>,
    apply: impl AsyncFn(&Settings) -> Result<(), CliError>,
    manager: &ServiceManager,
) {
    while reload.recv().await.is_some() {
        manager.reloading();
        let reloaded = match gather() {
            Ok(settings) => apply(&settings).await.map(|()| running.changes_that_need_a_restart(&settings)),
            Err(error) => Err(error),
        };
        let status = match reloaded {
            Ok(changes) if changes.is_empty() => {
                tracing::info!("the configuration was reloaded");
                "the configuration was reloaded".to_owned()
            }
            Ok(changes) => {
                let changes = changes.join(", ");
                tracing::warn!("the configuration was reloaded, but changes of {changes} need a restart");
                format!("restart to apply changes of {changes}")
            }
            Err(error) => {
                tracing::error!("the configuration was not reloaded: {error}");
                format!("the configuration was not reloaded: {error}")
            }
        };
        manager.ready(&status);
    }
    // Without the signal there is nothing to do, but the service goes on.
    std::future::pending::<()>().await;
}
