//! `demo`: everything at once, for a first look.

mod bridge;
mod prosody;

use std::{
    ffi::OsStr,
    io::{self, Write},
    net::SocketAddr,
    path::Path,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use vestibule_core::{Host, InviteService, NewKey, Principal, Scopes, Source};
use vestibule_xmpp::{Encryption, Route, TrustAnchors};

use self::{bridge::Bridge, prosody::Prosody};
use super::serve::{Service, start, stop_signal};
use crate::{
    bootstrap,
    cli::DemoArgs,
    cli_error::CliError,
    config::{DEFAULT_LISTEN, Settings},
    terminal::visible,
};

/// Starts a service for `localhost` in a temporary folder, makes a key, mints one invite through the HTTP
/// API, says how, starts a Prosody where there is one, and keeps serving.
pub(super) async fn run(settings: &Settings, args: &DemoArgs) -> Result<(), CliError> {
    let folder = tempfile::Builder::new().prefix("vestibule-demo-").tempdir()?;
    let settings = if settings.data_dir_named { settings.clone() } else { settings.in_folder(folder.path()) };
    let host = bootstrap::host("localhost")?;
    let c2s = prosody::free_address()?;
    // The pages make accounts there. Plain, as it is on this machine, and has no certificate.
    let route = Route::new(Some(&c2s.to_string()), Encryption::None, TrustAnchors::system_roots());
    let settings = settings.with_route(&host, route.map_err(|error| CliError::message(error.to_string()))?);
    let service = listen(&settings).await?;
    let (address, invite_service) = (bootstrap::reachable(service.address), service.invite_service.clone());
    invite_service.store().add_host(&host).await?;
    let key = make_key(&invite_service, &host, "Demo", Scopes::default()).await?;
    let bridge_key = make_key(&invite_service, &host, "Demo's Prosody", Scopes::ALL).await?;
    let bridge = Bridge { host: host.clone(), url: format!("http://{address}"), key: bridge_key, c2s };
    let stop = stop_signal()?;
    service.announce()?;
    let serving = service.run(&settings, stop);
    tokio::pin!(serving);
    let mut prosody = None;
    let show = async {
        introduce(&settings, address, &key).await?;
        accompany(args.program(), &folder.path().join("prosody"), &bridge, &mut prosody).await?;
        writeln!(io::stdout(), "\nCtrl-C ends the demo.")?;
        Ok::<_, CliError>(())
    };
    let shown = tokio::select! {
        shown = show => Some(shown),
        () = &mut serving => None,
    };
    if let Some(Ok(())) = shown {
        serving.await;
    }
    if let Some(prosody) = prosody {
        prosody.end().await;
    }
    // It may do everything, and the folder may have been named, and stay.
    let by = Principal::Operator { host, source: Source::cli() };
    invite_service.delete_key(&by, bridge.id()).await?;
    shown.unwrap_or(Ok(()))
}

/// Makes a key for the host.
async fn make_key(
    invite_service: &InviteService,
    host: &Host,
    name: &str,
    scopes: Scopes,
) -> Result<String, CliError> {
    let by = Principal::Operator { host: host.clone(), source: Source::cli() };
    let key = NewKey { name: Some(name.to_owned()), scopes, ..NewKey::default() };
    let (_, key) = invite_service.create_key(&by, key).await?;
    Ok(key.expose())
}

/// Says what this is, with a request to type and a link to open.
async fn introduce(settings: &Settings, address: SocketAddr, key: &str) -> Result<(), CliError> {
    let link = mint(address, key).await?;
    let data =
        if settings.data_dir_named { "the folder you named" } else { "a temporary folder that goes with it" };
    Ok(writeln!(
        io::stdout(),
        "\nThis is Vestibule for the XMPP domain localhost; its data lies in {data}.\n\n\
         An API key was made. Make an invite with it:\n\n  \
         curl -i -H 'Authorization: Bearer {key}' http://{address}/invites_api\n\n\
         Here is one, made just so. Open it in a browser:\n\n  {link}\n"
    )?)
}

/// Starts a Prosody, so that the link ends in an account, and says what came of it. What runs is put into
/// `running` at once, so that it is ended also where nobody waits for this any longer.
async fn accompany(
    program: Option<&OsStr>,
    folder: &Path,
    bridge: &Bridge,
    running: &mut Option<Prosody>,
) -> Result<(), CliError> {
    let without = "Accounts need an XMPP server: install Prosody, and start the demo again to see it all.";
    let mut out = io::stdout();
    let Some(program) = program else { return Ok(writeln!(out, "{without}")?) };
    let prosody = match Prosody::start(program, folder, bridge) {
        Ok(prosody) => running.insert(prosody),
        Err(error) if error.kind() == io::ErrorKind::NotFound && program == "prosody" => {
            return Ok(writeln!(out, "{without}")?);
        }
        Err(error) => {
            return Ok(writeln!(
                out,
                "Accounts need an XMPP server, but Prosody cannot be started: {error}"
            )?);
        }
    };
    if let Err(why) = prosody.ready(bridge).await {
        let log = prosody.log.display();
        writeln!(
            out,
            "Prosody was started, but {why}; the demo goes on without. The end of its log, {log}:\n"
        )?;
        prosody.last_words().iter().try_for_each(|line| writeln!(out, "  {}", visible(line)))?;
        if let Some(prosody) = running.take() {
            prosody.end().await;
        }
        return Ok(());
    }
    Ok(writeln!(
        out,
        "The link ends in an account: a Prosody for localhost runs with this, and lets clients in at {}, without\n\
         encryption and from this machine alone. Its log is {}",
        prosody.c2s,
        prosody.log.display()
    )?)
}

/// Listens where it was told to, else at the usual place, else at any free one.
async fn listen(settings: &Settings) -> Result<Service, CliError> {
    match &settings.listen {
        Some(listen) => start(settings, listen).await,
        None => match start(settings, DEFAULT_LISTEN).await {
            Ok(service) => Ok(service),
            Err(_) => start(settings, "127.0.0.1:0").await,
        },
    }
}

/// Mints an invite as any program would: over HTTP, with the key in the header.
async fn mint(address: SocketAddr, key: &str) -> Result<String, CliError> {
    let request = format!(
        "GET /invites_api HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {key}\r\nConnection: close\r\n\r\n"
    );
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    let location = answer.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("location").then(|| value.trim().to_owned())
    });
    location.ok_or_else(|| {
        let status = answer.lines().next().unwrap_or_default();
        CliError::message(format!("the demo could not mint an invite: {status}"))
    })
}
