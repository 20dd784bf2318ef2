//! `health`: whether the service is ready, for container engines and monitoring.

use std::time::Duration;

use ureq::Agent;

use crate::{
    bootstrap,
    cli_error::CliError,
    config::{DEFAULT_LISTEN, Settings},
};

/// The timeout of the request. The service probes its database meanwhile.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Requests `/readyz` at the listen address. Fails unless the service is ready.
pub(super) async fn run(settings: &Settings) -> Result<(), CliError> {
    let listen = settings.listen.as_deref().unwrap_or(DEFAULT_LISTEN);
    let url = format!("http://{}/readyz", bootstrap::reachable_text(listen));
    let request = url.clone();
    let asked = tokio::task::spawn_blocking(move || {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(None)
            .timeout_global(Some(TIMEOUT))
            .build();
        Agent::new_with_config(config).get(request).call().map(|answer| answer.status().as_u16())
    });
    match asked.await {
        Ok(Ok(200)) => Ok(()),
        Ok(Ok(status)) => {
            Err(CliError::message(format!("the service is not ready: {url} answers with status {status}")))
        }
        Ok(Err(error)) => Err(CliError::message(format!("the service cannot be reached at {url}: {error}"))),
        Err(error) => Err(CliError::message(format!("the check failed: {error}"))),
    }
}
