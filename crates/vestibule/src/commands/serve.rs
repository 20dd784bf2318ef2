//! `serve`.

use std::{future::Future, io::Write, net::SocketAddr, sync::Arc, time::Duration};

use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    sync::oneshot,
    time::timeout,
};
use vestibule_core::{Host, InviteService, Setting};
use vestibule_web::{AppState, Links, Metrics, ServerConfig, router};

use super::{
    audit_log::AuditLog,
    descriptors,
    doctor::{is_local, is_loopback},
    maintenance, purge,
};
use crate::{
    bootstrap,
    cli_error::CliError,
    config::{DEFAULT_LISTEN, Settings},
};

/// Timeout of the last log lines at shutdown.
const LOG_TIMEOUT: Duration = Duration::from_secs(1);

/// Runs the service until a stop signal.
pub(super) async fn run(settings: &Settings) -> Result<(), CliError> {
    let service = start(settings, settings.listen.as_deref().unwrap_or(DEFAULT_LISTEN)).await?;
    if service.invite_service.store().hosts().await?.is_empty() {
        return Err(CliError::message(
            "no host is configured; give your XMPP domain with --host or in the configuration file",
        ));
    }
    let stop = stop_signal()?;
    service.log_start(settings).await?;
    service.log_links().await?;
    let audit_log = AuditLog::from_now(service.invite_service.clone()).await?;
    service.announce()?;
    let purge =
        tokio::spawn(purge::run(service.invite_service.clone(), settings.keep_invites, settings.keep_events));
    let maintenance = tokio::spawn(maintenance::run(service.invite_service.clone()));
    let (stop_log, stopped) = oneshot::channel();
    let audit_log = tokio::spawn(audit_log.run(stopped));
    let invite_service = service.invite_service.clone();
    service.run(settings, stop).await;
    for task in [purge, maintenance] {
        task.abort();
        // The task holds the store, which must be closed before the process ends.
        let _ = task.await;
    }
    maintenance::shut_down(&invite_service).await;
    // The receiver is gone only if the task has ended.
    let _ = stop_log.send(());
    if timeout(LOG_TIMEOUT, audit_log).await.is_err() {
        tracing::warn!("the last events could not be logged in time");
    }
    tracing::info!("stopped");
    Ok(())
}

/// A service that is listening but not yet serving.
pub(super) struct BoundServer {
    listener: TcpListener,
    pub(super) address: SocketAddr,
    pub(super) invite_service: InviteService,
    app: AppState,
}

/// Opens everything and listens.
pub(super) async fn start(settings: &Settings, listen: &str) -> Result<BoundServer, CliError> {
    let metrics = Arc::new(Metrics::default());
    let invite_service = bootstrap::open_with_observer(settings, metrics.clone()).await?;
    let wrong = |error: std::io::Error| {
        CliError::message(format!("cannot listen on {listen}: {error}; choose another address with --listen"))
    };
    let listener = vestibule_web::listen(listen).await.map_err(wrong)?;
    let address = listener.local_addr().map_err(wrong)?;
    let links = links(settings, &invite_service, address).await?;
    let site_config = bootstrap::site_config(settings, &invite_service)?;
    let app = AppState::new(settings.http.state(metrics), invite_service.clone(), links, site_config);
    Ok(BoundServer { listener, address, invite_service, app })
}

/// Builds links with the configured public URL, else the one configured last, else the listen address. The base is
/// stored, so that commands build the same links.
async fn links(
    settings: &Settings,
    invite_service: &InviteService,
    address: SocketAddr,
) -> Result<Links, CliError> {
    let (url, setting) = match &settings.public_url {
        Some(url) => (url.clone(), Setting::PublicUrl),
        None => match bootstrap::remembered_public_url(invite_service).await? {
            Some(url) => return bootstrap::links(settings, &url),
            None => (format!("http://{}", bootstrap::reachable(address)), Setting::ListenUrl),
        },
    };
    let links = bootstrap::links(settings, &url)?;
    if invite_service.store().setting(setting).await?.as_deref() != Some(links.base()) {
        // The service can run without storing it.
        if let Err(error) = invite_service.store().set_setting(setting, links.base()).await {
            tracing::warn!(%error, "the public URL could not be stored");
        }
    }
    Ok(links)
}

impl BoundServer {
    /// Logs what runs, and on what.
    async fn log_start(&self, settings: &Settings) -> Result<(), CliError> {
        let hosts = self.invite_service.store().hosts().await?;
        let hosts = hosts.iter().map(Host::as_str).collect::<Vec<_>>().join(", ");
        tracing::info!(
            version = env!("CARGO_PKG_VERSION"),
            data_dir = %settings.data_dir.display(),
            database = %settings.database,
            config = settings.config_file.as_ref().map(|path| path.display().to_string()),
            hosts,
            links = self.app.links.base(),
            "starting"
        );
        Ok(())
    }

    /// Logs the base URL of links, and warns if only this system can open them.
    async fn log_links(&self) -> Result<(), CliError> {
        for host in self.invite_service.store().hosts().await? {
            let begin = self.app.links.beginning(&host);
            if is_loopback(&begin) && !is_local(host.as_str()) {
                let remedy =
                    format!("set --public-url https://{host}, or public_url in the configuration file");
                tracing::warn!(%host, "invite links begin with {begin}, which only this machine can open; {remedy}");
            } else {
                tracing::info!(%host, "invite links begin with {begin}");
            }
        }
        Ok(())
    }

    /// Prints the ready line to stdout.
    pub(super) fn announce(&self) -> Result<(), CliError> {
        let mut out = std::io::stdout().lock();
        writeln!(out, "listening on http://{}", self.address)?;
        Ok(out.flush()?)
    }

    /// Serves until `stop` resolves.
    pub(super) async fn run(self, settings: &Settings, stop: impl Future<Output = ()>) {
        let http = &self.app.http;
        let config = ServerConfig {
            limits: descriptors::fit(settings.limits),
            trusted_proxies: http.trusted_proxies.clone(),
            metrics: Arc::clone(&http.metrics),
        };
        vestibule_web::serve(self.listener, router(&self.app), config, stop).await;
    }
}

/// Resolves on SIGTERM or SIGINT.
pub(super) fn stop_signal() -> Result<impl Future<Output = ()>, CliError> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
