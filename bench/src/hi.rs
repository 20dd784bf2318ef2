//! The yardstick: bare axum that answers "hi". It shows the limits of the machine, the HTTP library and the
//! load generator, and so the cost of everything else.

use std::io::{self, Write};
use std::net::SocketAddr;

use axum::Router;
use axum::routing::get;

/// Serves `GET /` on `listen` until the process is stopped. Prints the address on stdout.
pub(crate) fn serve(listen: SocketAddr) -> io::Result<()> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        let listener = tokio::net::TcpListener::bind(listen).await?;
        writeln!(io::stdout(), "listening on http://{}", listener.local_addr()?)?;
        axum::serve(listener, Router::new().route("/", get(async || "hi"))).await
    })
}
