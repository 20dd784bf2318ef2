//! The yardstick: axum with nothing behind it, answering "hi". It shows what the machine, the HTTP library
//! and the load generator allow, and so what the rest costs.

use std::io::{self, Write};
use std::net::SocketAddr;

use axum::Router;
use axum::routing::get;

/// Serves `GET /` on `listen` until the process is stopped; says where on stdout.
pub(crate) fn serve(listen: SocketAddr) -> io::Result<()> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        let listener = tokio::net::TcpListener::bind(listen).await?;
        writeln!(io::stdout(), "listening on http://{}", listener.local_addr()?)?;
        axum::serve(listener, Router::new().route("/", get(async || "hi"))).await
    })
}
