//! `serve`.

use std::{future::Future, io::Write, net::SocketAddr, sync::Arc};

use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};
use vestibule_core::{Desk, Setting};
use vestibule_web::{App, Links, Metrics, ServerConfig, router};

use super::{
    descriptors,
    doctor::{is_local, is_loopback},
    sweep, upkeep,
};
use crate::{
    config::{DEFAULT_LISTEN, Settings},
    failure::Failure,
    wiring,
};

/// Runs the service until it is told to stop.
pub(super) async fn run(settings: &Settings) -> Result<(), Failure> {
    let service = start(settings, settings.listen.as_deref().unwrap_or(DEFAULT_LISTEN)).await?;
    if service.desk.store().hosts().await?.is_empty() {
        return Err(Failure::words(
            "no host is configured; name your XMPP domain with --host, or in the configuration file",
        ));
    }
    let stop = stop_signal()?;
    service.log_links().await?;
    service.announce()?;
    let sweep = tokio::spawn(sweep::run(service.desk.clone(), settings.keep_invites, settings.keep_events));
    let upkeep = tokio::spawn(upkeep::run(service.desk.clone()));
    let desk = service.desk.clone();
    service.run(settings, stop).await;
    for task in [sweep, upkeep] {
        task.abort();
        // The task holds the store, which is to be closed before the process ends.
        let _ = task.await;
    }
    upkeep::note_at_the_end(&desk).await;
    tracing::info!("stopped");
    Ok(())
}

/// A service that listens, but does not answer yet.
pub(super) struct Service {
    listener: TcpListener,
    pub(super) address: SocketAddr,
    pub(super) desk: Desk,
    app: App,
}

/// Opens everything and listens.
pub(super) async fn start(settings: &Settings, listen: &str) -> Result<Service, Failure> {
    let metrics = Arc::new(Metrics::default());
    let desk = wiring::open_watched(settings, metrics.clone()).await?;
    let wrong = |error: std::io::Error| {
        Failure::words(format!("cannot listen on {listen}: {error}; name another address with --listen"))
    };
    let listener = vestibule_web::listen(listen).await.map_err(wrong)?;
    let address = listener.local_addr().map_err(wrong)?;
    let links = links(settings, &desk, address).await?;
    let front = wiring::front(settings, &desk)?;
    let app = App::new(settings.gate.gate(metrics), desk.clone(), links, front);
    Ok(Service { listener, address, desk, app })
}

/// How links are made: with the public URL that is configured, else with the one that was configured last, else with
/// the address that the service listens at. It is remembered, so that commands beside the service make the same links.
async fn links(settings: &Settings, desk: &Desk, address: SocketAddr) -> Result<Links, Failure> {
    let (url, setting) = match &settings.public_url {
        Some(url) => (url.clone(), Setting::PublicUrl),
        None => match wiring::remembered_public_url(desk).await? {
            Some(url) => return wiring::links(settings, &url),
            None => (format!("http://{}", wiring::reachable(address)), Setting::ListenUrl),
        },
    };
    let links = wiring::links(settings, &url)?;
    if desk.store().setting(setting).await?.as_deref() != Some(links.base()) {
        // Where that cannot be kept, the service still can answer.
        if let Err(error) = desk.store().remember_setting(setting, links.base()).await {
            tracing::warn!(%error, "the public URL could not be remembered");
        }
    }
    Ok(links)
}

impl Service {
    /// Logs what links begin with, and warns where nobody else can open them.
    async fn log_links(&self) -> Result<(), Failure> {
        for host in self.desk.store().hosts().await? {
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

    /// Says that it is ready, on stdout, for whoever waits for it.
    pub(super) fn announce(&self) -> Result<(), Failure> {
        let mut out = std::io::stdout().lock();
        writeln!(out, "listening on http://{}", self.address)?;
        Ok(out.flush()?)
    }

    /// Answers until `stop` is done.
    pub(super) async fn run(self, settings: &Settings, stop: impl Future<Output = ()>) {
        let gate = &self.app.gate;
        let config = ServerConfig {
            limits: descriptors::fit(settings.limits),
            trusted_proxies: gate.trusted_proxies.clone(),
            metrics: Arc::clone(&gate.metrics),
        };
        vestibule_web::serve(self.listener, router(self.app), config, stop).await;
    }
}

/// Done when the process is told to stop.
pub(super) fn stop_signal() -> Result<impl Future<Output = ()>, Failure> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
