//! `serve`.

use std::{future::Future, io::Write, net::SocketAddr, sync::Arc, time::Duration};

use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    sync::{oneshot, watch},
    time::timeout,
};
use vestibule_core::{Host, InviteService, Policies, Setting};
use vestibule_web::{AppState, Links, Metrics, Router, ServerConfig, router};

use super::{
    audit_log::AuditLog,
    descriptors,
    doctor::{is_local, is_loopback},
    maintenance,
    purge::{self, Ages},
    reload::{self, reload_signal},
};
use crate::{
    bootstrap,
    cli_error::CliError,
    config::{DEFAULT_LISTEN, Settings},
    registrar::{Registrars, recovery},
    service_manager::ServiceManager,
};

/// Timeout of the last log lines at shutdown.
const LOG_TIMEOUT: Duration = Duration::from_secs(1);

/// Runs the service until a stop signal. `gather` reads the settings again for a reload.
pub(super) async fn run(
    settings: &Settings,
    gather: impl Fn() -> Result<Settings, CliError>,
) -> Result<(), CliError> {
    let service = start(settings, settings.listen.as_deref().unwrap_or(DEFAULT_LISTEN)).await?;
    if service.invite_service.store().hosts().await?.is_empty() {
        return Err(CliError::NoHost);
    }
    let manager = ServiceManager::of_environment();
    let (stop, reload) = (stop_signal()?, reload_signal()?);
    let stop = async {
        stop.await;
        manager.stopping();
    };
    service.log_start(settings).await?;
    service.log_links().await?;
    let audit_log = AuditLog::from_now(service.invite_service.clone()).await?;
    service.announce()?;
    manager.ready(&format!("listening on http://{}", service.address));
    let purge = tokio::spawn(purge::run(service.invite_service.clone(), Ages::of(settings)));
    let maintenance = tokio::spawn(maintenance::run(service.invite_service.clone()));
    let recovery = tokio::spawn(recovery::run(service.registrars.subscribe()));
    let (stop_log, stopped) = oneshot::channel();
    let audit_log = tokio::spawn(audit_log.run(stopped));
    let invite_service = service.invite_service.clone();
    let replaceable = service.replaceable();
    let apply = async |new: &Settings| replaceable.replace(new).await;
    tokio::select! {
        () = service.run(settings, stop) => {}
        () = reload::run(reload, settings, gather, apply, &manager) => {}
    }
    for task in [purge, maintenance, recovery] {
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
    router: watch::Sender<Router>,
    registrars: watch::Sender<Arc<Registrars>>,
    policies: Arc<Policies>,
}

/// Opens everything and listens.
pub(super) async fn start(settings: &Settings, listen: &str) -> Result<BoundServer, CliError> {
    let metrics = Arc::new(Metrics::default());
    let policies = Arc::new(Policies::default());
    let invite_service =
        bootstrap::open_with_observer(settings, metrics.clone(), Arc::clone(&policies)).await?;
    let wrong = |error: std::io::Error| {
        CliError::message(format!("cannot listen on {listen}: {error}; choose another address with --listen"))
    };
    let listener = vestibule_web::listen(listen).await.map_err(wrong)?;
    let address = listener.local_addr().map_err(wrong)?;
    let links = links(settings, &invite_service, address).await?;
    let registrars = Arc::new(bootstrap::registrars(settings, &invite_service));
    let site_config = bootstrap::site_config(settings, registrars.clone())?;
    let app = AppState::new(settings.http.state(metrics), invite_service.clone(), links, site_config);
    let router = watch::Sender::new(router(&app));
    let registrars = watch::Sender::new(registrars);
    Ok(BoundServer { listener, address, invite_service, app, router, registrars, policies })
}

/// Builds links with the configured public URL, else the one configured last, else the listen address. The URLs are
/// stored, so that commands build the same links and find this service.
async fn links(
    settings: &Settings,
    invite_service: &InviteService,
    address: SocketAddr,
) -> Result<Links, CliError> {
    let listen_url = format!("http://{}", bootstrap::reachable(address));
    let url = match &settings.public_url {
        Some(url) => url.clone(),
        None => bootstrap::remembered_public_url(invite_service).await?.unwrap_or(listen_url.clone()),
    };
    let links = bootstrap::links(settings, &url)?;
    remember(invite_service, Setting::ListenUrl, &listen_url).await?;
    remember(invite_service, Setting::HostUrls, &bootstrap::host_urls(&links)).await?;
    if settings.public_url.is_some() {
        remember(invite_service, Setting::PublicUrl, links.base()).await?;
    }
    Ok(links)
}

/// Stores a setting. The service can run without storing it.
async fn remember(invite_service: &InviteService, setting: Setting, value: &str) -> Result<(), CliError> {
    let stored = invite_service.store().setting(setting).await?;
    if stored.as_deref().unwrap_or_default() != value
        && let Err(error) = invite_service.store().set_setting(setting, value).await
    {
        tracing::warn!(%error, "{} could not be stored", setting.as_str());
    }
    Ok(())
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
                let remedy = format!(
                    "set --public-url https://{host}, or public_url in the configuration file, for all hosts or in [hosts.\"{host}\"]"
                );
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

    /// The parts that a reload replaces.
    fn replaceable(&self) -> Replaceable {
        Replaceable {
            app: self.app.clone(),
            router: self.router.clone(),
            registrars: self.registrars.clone(),
            policies: Arc::clone(&self.policies),
            address: self.address,
        }
    }

    /// Serves until `stop` resolves.
    pub(super) async fn run(self, settings: &Settings, stop: impl Future<Output = ()>) {
        let http = &self.app.http;
        let config = ServerConfig {
            limits: descriptors::fit(settings.limits),
            trusted_proxies: http.trusted_proxies.clone(),
            metrics: Arc::clone(&http.metrics),
        };
        vestibule_web::serve(self.listener, self.router.subscribe(), config, stop).await;
    }
}

/// The parts of a service that a reload replaces.
struct Replaceable {
    app: AppState,
    router: watch::Sender<Router>,
    registrars: watch::Sender<Arc<Registrars>>,
    policies: Arc<Policies>,
    address: SocketAddr,
}

impl Replaceable {
    /// Applies the settings. They are validated before anything is replaced.
    async fn replace(&self, settings: &Settings) -> Result<(), CliError> {
        let invite_service = &self.app.invite_service;
        let registrars = Arc::new(bootstrap::registrars(settings, invite_service));
        let site_config = bootstrap::site_config(settings, registrars.clone())?;
        let links = links(settings, invite_service, self.address).await?;
        bootstrap::store_hosts(settings, invite_service.store()).await?;
        self.policies.replace(bootstrap::host_policies(settings));
        drop(self.registrars.send_replace(registrars));
        drop(self.router.send_replace(router(&self.app.reconfigured(links, site_config))));
        Ok(())
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
