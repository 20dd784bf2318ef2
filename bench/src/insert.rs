//! The minimal cost of a durable answer on a machine: only axum, SQLite, and one row for each request.
//!
//! One thread writes and commits the queued rows, like in Vestibule. But it checks no key, creates no token, encrypts
//! and logs nothing, and never checkpoints the journal. The difference to Vestibule is the cost of Vestibule; the
//! difference to bare axum is the cost of the disk, SQLite and the queue.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

/// A request that waits for its row to be on disk.
type Caller = oneshot::Sender<()>;

/// The most rows in one commit.
const BATCH: usize = 512;

const SCHEMA: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; \
     CREATE TABLE invites (place INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, hash BLOB NOT NULL, rest BLOB)";

/// Serves `GET /` on `listen`, each answer after a row in the new file `database`, until the process is stopped. Prints
/// the address on stdout.
pub(crate) fn serve(listen: SocketAddr, database: &Path) -> io::Result<()> {
    let connection = Connection::open(database).map_err(io::Error::other)?;
    connection.execute_batch(SCHEMA).map_err(io::Error::other)?;
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        let (rows, wanted) = channel();
        let (done, mut finished) = mpsc::unbounded_channel::<Vec<Caller>>();
        thread::spawn(move || {
            if let Err(error) = write(&connection, &wanted, &done) {
                eprintln!("no more rows can be written: {error}");
            }
        });
        tokio::spawn(async move {
            while let Some(batch) = finished.recv().await {
                for caller in batch {
                    let _ = caller.send(());
                }
            }
        });
        let listener = tokio::net::TcpListener::bind(listen).await?;
        writeln!(io::stdout(), "listening on http://{}", listener.local_addr()?)?;
        axum::serve(listener, Router::new().route("/", get(insert)).with_state(rows)).await
    })
}

async fn insert(State(rows): State<Sender<Caller>>) -> Result<&'static str, StatusCode> {
    let (caller, written) = oneshot::channel();
    rows.send(caller).map_err(|_| StatusCode::SERVICE_UNAVAILABLE)?;
    written.await.map_err(|_| StatusCode::SERVICE_UNAVAILABLE)?;
    Ok("hi")
}

fn write(
    connection: &Connection,
    wanted: &Receiver<Caller>,
    done: &mpsc::UnboundedSender<Vec<Caller>>,
) -> rusqlite::Result<()> {
    let execute = |sql| connection.prepare_cached(sql)?.execute([]).map(drop);
    let mut place = 0_i64;
    while let Ok(first) = wanted.recv() {
        let mut batch = vec![first];
        batch.extend(wanted.try_iter().take(BATCH - 1));
        execute("BEGIN IMMEDIATE")?;
        let mut row = connection.prepare_cached("INSERT INTO invites VALUES (?1, ?2, ?3, ?4)")?;
        for _ in &batch {
            place += 1;
            // It ascends, like a lookup key that begins with the time.
            let id = (u128::from(place.unsigned_abs()) << 64).to_be_bytes();
            row.execute((place, id, [7_u8; 32], [7_u8; 96]))?;
        }
        execute("COMMIT")?;
        if done.send(batch).is_err() {
            break;
        }
    }
    Ok(())
}
