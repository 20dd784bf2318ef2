//! `demo`: everything at once, for a first look.

use std::net::SocketAddr;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use vestibule_core::{Authority, Host, NewKey, Source};

use super::serve::{Service, start, stop_signal};
use crate::{
    config::{DEFAULT_LISTEN, Settings},
    failure::Failure,
};

/// Starts a service for `localhost` in a temporary folder, makes a key, mints one invite through the HTTP
/// API, says how, and keeps serving.
pub(super) async fn run(settings: &Settings) -> Result<(), Failure> {
    let folder = tempfile::Builder::new().prefix("vestibule-demo-").tempdir()?;
    let settings = if settings.data_dir_named { settings.clone() } else { settings.in_folder(folder.path()) };
    let service = listen(&settings).await?;
    let (address, desk) = (service.address, service.desk.clone());
    let host = Host::parse("localhost").map_err(|error| Failure::words(error.to_string()))?;
    desk.store().remember_host(&host).await?;
    let by = Authority::Operator { host, source: Source::cli() };
    let key = NewKey { name: Some("Demo".to_owned()), ..NewKey::default() };
    let (_, key) = desk.create_key(&by, key).await?;
    let key = key.expose();
    let stop = stop_signal()?;
    service.announce()?;
    let serving = service.run(&settings, stop);
    tokio::pin!(serving);
    let link = tokio::select! {
        link = mint(address, &key) => link?,
        () = &mut serving => return Ok(()),
    };
    let data =
        if settings.data_dir_named { "the folder you named" } else { "a temporary folder that goes with it" };
    println!(
        "\nThis is Vestibule for the XMPP domain localhost; its data lies in {data}.\n\n\
         An API key was made. Make an invite with it:\n\n  \
         curl -i -H 'Authorization: Bearer {key}' http://{address}/invites_api\n\n\
         Here is one, made just so. Open it in a browser:\n\n  {link}\n\n\
         Ctrl-C ends the demo."
    );
    serving.await;
    Ok(())
}

/// Listens where it was told to, else at the usual place, else at any free one.
async fn listen(settings: &Settings) -> Result<Service, Failure> {
    match &settings.listen {
        Some(listen) => start(settings, listen).await,
        None => match start(settings, DEFAULT_LISTEN).await {
            Ok(service) => Ok(service),
            Err(_) => start(settings, "127.0.0.1:0").await,
        },
    }
}

/// Mints an invite as any program would: over HTTP, with the key in the header.
async fn mint(address: SocketAddr, key: &str) -> Result<String, Failure> {
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
        Failure::words(format!("the demo could not mint an invite: {status}"))
    })
}
