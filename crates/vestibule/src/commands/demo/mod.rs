//! `demo`: a complete temporary installation to try out.

mod bridge;
mod directory;
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

use self::{bridge::Bridge, directory::Directory, prosody::Prosody};
use super::serve::{BoundServer, start, stop_signal};
use crate::{
    bootstrap,
    cli::DemoArgs,
    cli_error::CliError,
    config::{DEFAULT_LISTEN, Settings},
    terminal::escape_for_terminal,
};

/// Starts a service for `localhost` in a temporary directory, creates a key and an invite through the HTTP API, prints
/// an introduction, starts Prosody if it is installed, and serves.
pub(super) async fn run(settings: &Settings, args: &DemoArgs) -> Result<(), CliError> {
    for path in directory::delete_abandoned()? {
        writeln!(io::stdout(), "Deleted what a killed demo left: {}", path.display())?;
    }
    let directory = Directory::create()?;
    let settings =
        if settings.data_dir_named { settings.clone() } else { settings.in_directory(directory.path()) };
    let host = bootstrap::host("localhost")?;
    let c2s = prosody::free_address()?;
    // The pages register accounts there, without encryption, since the server is local and has no certificate.
    let route = Route::new(Some(&c2s.to_string()), Encryption::None, TrustAnchors::system_roots());
    let settings = settings.with_route(&host, route.map_err(|error| CliError::message(error.to_string()))?);
    let service = listen(&settings).await?;
    let (address, invite_service) = (bootstrap::reachable(service.address), service.invite_service.clone());
    invite_service.store().add_host(&host).await?;
    let key = create_key(&invite_service, &host, "Demo", Scopes::default()).await?;
    let bridge_key = create_key(&invite_service, &host, "Demo's Prosody", Scopes::ALL).await?;
    let bridge = Bridge { host: host.clone(), url: format!("http://{address}"), key: bridge_key, c2s };
    let stop = stop_signal()?;
    service.announce()?;
    let serving = service.run(&settings, stop);
    tokio::pin!(serving);
    let mut prosody = None;
    let show = async {
        print_introduction(&settings, address, &key).await?;
        start_prosody(args.program(), &directory.path().join("prosody"), &bridge, &mut prosody).await?;
        writeln!(io::stdout(), "\nPress Ctrl-C to stop.")?;
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
    // The key has every scope, and the data directory may be a permanent one.
    let by = Principal::Operator { host, source: Source::cli() };
    invite_service.delete_key(&by, bridge.id()).await?;
    drop(invite_service);
    say_what_is_left(&settings, directory)?;
    shown.unwrap_or(Ok(()))
}

/// Deletes the temporary directory, and prints what was deleted and what stays.
fn say_what_is_left(settings: &Settings, directory: Directory) -> Result<(), CliError> {
    let mut out = io::stdout();
    let path = directory.delete()?;
    writeln!(out, "\nThe demo has ended. It deleted {} with all that was in it.", path.display())?;
    if settings.data_dir_named {
        let data = settings.data_dir.display();
        writeln!(
            out,
            "The given data directory, {data}, stays, with the demo's invites and the key named Demo."
        )?;
    }
    Ok(())
}

/// Creates a key for the host.
async fn create_key(
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

/// Prints an introduction with a request to try and a link to open.
async fn print_introduction(settings: &Settings, address: SocketAddr, key: &str) -> Result<(), CliError> {
    let link = mint(address, key).await?;
    let data = if settings.data_dir_named {
        "the given data directory"
    } else {
        "a temporary directory, which is deleted at the end"
    };
    Ok(writeln!(
        io::stdout(),
        "\nThis is Vestibule for the XMPP domain localhost. Its data is in {data}.\n\nAn API key was created. \
         Create an invite with it:\n\n  curl -i -H 'Authorization: Bearer {key}' \
         http://{address}/invites_api\n\nOr bookmark this; each visit creates an invite and opens it:\n\n  \
         http://{address}/invites_api?key={key}&redirect=1\n\nHere is one created this way. Open it in a browser:\n\n  {link}\n"
    )?)
}

/// Starts Prosody, so that the link leads to an account, and prints the result. The process is stored in `running` at
/// once, so that it is stopped even if this future is dropped.
async fn start_prosody(
    program: Option<&OsStr>,
    directory: &Path,
    bridge: &Bridge,
    running: &mut Option<Prosody>,
) -> Result<(), CliError> {
    let without =
        "Accounts need an XMPP server: install Prosody and start the demo again to try registration.";
    let mut out = io::stdout();
    let Some(program) = program else { return Ok(writeln!(out, "{without}")?) };
    let prosody = match Prosody::start(program, directory, bridge) {
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
            "Prosody was started, but {why}; the demo continues without it. The end of its log, {log}:\n"
        )?;
        prosody
            .last_log_lines()
            .iter()
            .try_for_each(|line| writeln!(out, "  {}", escape_for_terminal(line)))?;
        if let Some(prosody) = running.take() {
            prosody.end().await;
        }
        return Ok(());
    }
    Ok(writeln!(
        out,
        "The link leads to an account: a Prosody for localhost was started and accepts clients at {}, \
         without\nencryption and from this machine only. Its log is {}",
        prosody.c2s,
        prosody.log.display()
    )?)
}

/// Listens on the configured address, else on the default one, else on any free port.
async fn listen(settings: &Settings) -> Result<BoundServer, CliError> {
    match &settings.listen {
        Some(listen) => start(settings, listen).await,
        None => match start(settings, DEFAULT_LISTEN).await {
            Ok(service) => Ok(service),
            Err(_) => start(settings, "127.0.0.1:0").await,
        },
    }
}

/// Creates an invite over HTTP, as any API client would.
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
        CliError::message(format!("the demo could not create an invite: {status}"))
    })
}
