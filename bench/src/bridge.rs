//! What the bridge costs those who register through a Prosody: beside the same Prosody with its own store, and
//! while Vestibule hangs.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::Args;
use vestibule_e2e::xmpp::Stream;
use vestibule_e2e::{Prosody, Version, Vestibule, vestibule_binary};

use crate::disturbance::{TOO_MUCH, Watch};
use crate::error::BenchError;
use crate::{machine, place, stats};

/// The host of both.
const HOST: &str = "localhost";
/// Where the results go.
const RESULTS: &str = "bench/RESULTS-bridge.md";
/// For pings while Vestibule hangs.
const PATIENCE: Duration = Duration::from_secs(10);

/// How much is measured.
#[derive(Args, Clone, Debug)]
pub(crate) struct BridgeArgs {
    /// A smoke run: a few registrations; prints instead of writing
    #[arg(long)]
    quick: bool,
    /// Registrations on each server, in turns
    #[arg(long, value_name = "N", default_value_t = 800, value_parser = clap::value_parser!(u32).range(1..=2000))]
    registrations: u32,
}

/// Milliseconds of each registration on one server.
#[derive(Debug, Default)]
struct Times {
    preauth: Vec<f64>,
    whole: Vec<f64>,
}

/// What one version of Prosody came to.
struct Measured {
    version: &'static str,
    bridged: Times,
    stock: Times,
    slowest_ping: f64,
    /// The share of the processors that others took meanwhile.
    disturbed: f64,
}

/// Measures both versions, and writes or prints the page.
pub(crate) fn run(args: &BridgeArgs) -> Result<(), BenchError> {
    let count = if args.quick { 3 } else { args.registrations };
    let binary = vestibule_binary()?;
    let mut page = String::from("# Results of the bridge\n\n");
    let facts = machine::describe(&binary, &std::env::temp_dir());
    let facts = facts.map_err(BenchError::io("describing this machine"))?.facts;
    let measured = [("0.12", Version::V012), ("13", Version::V13)]
        .into_iter()
        .map(|(name, version)| measure(name, version, &binary, count))
        .collect::<Result<Vec<_>, _>>()?;
    write_page(&mut page, &measured, count, &facts);
    place::hand_out(&page, (!args.quick).then(|| PathBuf::from(RESULTS)).as_deref())
}

fn measure(
    name: &'static str,
    version: Version,
    binary: &PathBuf,
    count: u32,
) -> Result<Measured, BenchError> {
    eprintln!("Prosody {name}");
    let mut vestibule = Vestibule::builder().binary(binary).start()?;
    let key = vestibule.create_key_with(HOST, &["Prosody", "--scope", "bridge"])?;
    let bridged =
        Prosody::builder().version(version).log_level("info").bridge(&vestibule.url(), &key).start()?;
    let stock = Prosody::builder().version(version).log_level("info").invites().start()?;
    let links = vestibule.cli(&["invites", "create", HOST, "--count", &(count + 1).to_string()])?;
    let tokens: Vec<&str> = links.stdout.split_whitespace().map(after_last_slash).collect();
    let (mut bridged_times, mut stock_times) = (Times::default(), Times::default());
    let watched = BenchError::io("looking at what else the machine does");
    let watch = Watch::begin(&[vestibule.pid(), bridged.pid(), stock.pid()]).map_err(watched)?;
    for (number, token) in tokens.iter().skip(1).enumerate() {
        let other = stock_token(&stock)?;
        // Each goes first as often as the other.
        if number % 2 == 0 {
            register(&bridged, token, number, &mut bridged_times)?;
        }
        register(&stock, &other, number, &mut stock_times)?;
        if number % 2 == 1 {
            register(&bridged, token, number, &mut bridged_times)?;
        }
    }
    let disturbed = watch.end().map_err(BenchError::io("looking at what else the machine does"))?;
    let slowest_ping = ping_while_hanging(&mut vestibule, &bridged, tokens.first().unwrap_or(&""))?;
    Ok(Measured { version: name, bridged: bridged_times, stock: stock_times, slowest_ping, disturbed })
}

fn after_last_slash(link: &str) -> &str {
    link.rsplit('/').next().unwrap_or(link)
}

/// An invite of Prosody's own store.
fn stock_token(prosody: &Prosody) -> Result<String, BenchError> {
    let words: &[&str] = match prosody.version() {
        Version::V012 => &["mod_invites", "generate", HOST],
        Version::V13 => &["shell", "invite", "create_account", HOST],
    };
    let output = prosody.ctl(words)?;
    let token = output.stdout.split("preauth=").nth(1).unwrap_or_default();
    Ok(token.split(|c: char| c.is_whitespace() || c == ';').next().unwrap_or_default().to_owned())
}

fn register(prosody: &Prosody, token: &str, number: usize, times: &mut Times) -> Result<(), BenchError> {
    let mut stream = Stream::open(prosody.c2s_addr(), HOST)?;
    let begun = Instant::now();
    let admitted = stream.preauth(token)?;
    let preauth = begun.elapsed();
    let made = stream.register(&format!("guest{number}"), "secret")?;
    let whole = begun.elapsed();
    if !admitted.is_ok() || !made.is_ok() {
        return Err(BenchError::Registration { what: format!("{admitted:?}, then {made:?}") });
    }
    times.preauth.push(preauth.as_secs_f64() * 1e3);
    times.whole.push(whole.as_secs_f64() * 1e3);
    Ok(())
}

/// The slowest ping of a member, in milliseconds, while somebody's token waits for a Vestibule that hangs.
fn ping_while_hanging(vestibule: &mut Vestibule, prosody: &Prosody, token: &str) -> Result<f64, BenchError> {
    prosody.add_account("member", "secret")?;
    let mut member = Stream::open(prosody.c2s_addr(), HOST)?;
    member.login("member", "secret")?;
    let mut guest = Stream::open(prosody.c2s_addr(), HOST)?;
    vestibule.pause();
    let asked = guest.ask("set", &format!("<preauth xmlns='urn:xmpp:pars:0' token='{token}'/>"))?;
    let mut slowest = 0.0_f64;
    for _ in 0..100 {
        let begun = Instant::now();
        member.ping(PATIENCE)?;
        slowest = slowest.max(begun.elapsed().as_secs_f64() * 1e3);
    }
    vestibule.resume();
    guest.answer(&asked, PATIENCE)?;
    Ok(slowest)
}

fn write_page(page: &mut String, measured: &[Measured], count: u32, facts: &[(&'static str, String)]) {
    let figure = |values: &[f64], share| stats::quantile(values.iter().copied(), share).unwrap_or(f64::NAN);
    let _ = write!(
        page,
        "Measured on {}. A preauth and a whole registration (preauth, then account) on loopback, {count} on \
         each server, in turns, through the bridge and through Prosody's own modules and store; and the slowest \
         of 100 pings of a member while Vestibule is stopped and somebody's token waits for it. Milliseconds. \
         Requests find a connection that is kept; the first one after a pause of 10 to 20 seconds makes a new \
         one. Vestibule has a claim on the disk before it answers, Prosody does not wait for the disk. A \
         difference of two p99s is that of the few slowest of each, so it varies from run to run.\n\n\
         | Prosody | | bridge: median | p99 | stock: median | p99 | added: median | p99 |\n\
         | --- | --- | --- | --- | --- | --- | --- | --- |\n",
        place::today()
    );
    for one in measured {
        for (what, bridged, stock) in [
            ("preauth", &one.bridged.preauth, &one.stock.preauth),
            ("registration", &one.bridged.whole, &one.stock.whole),
        ] {
            let [a, b, c, d] =
                [figure(bridged, 0.5), figure(bridged, 0.99), figure(stock, 0.5), figure(stock, 0.99)];
            let _ = writeln!(
                page,
                "| {} | {what} | {a:.2} | {b:.2} | {c:.2} | {d:.2} | {:.2} | {:.2} |",
                one.version,
                a - c,
                b - d
            );
        }
    }
    page.push_str("\n| Prosody | slowest ping while Vestibule hangs | of the processors, others took |\n| --- | --- | --- |\n");
    for one in measured {
        let warning = if one.disturbed > TOO_MUCH { " (too much: repeat on a quiet machine)" } else { "" };
        let share = one.disturbed * 100.0;
        let _ = writeln!(page, "| {} | {:.2} | {share:.0} %{warning} |", one.version, one.slowest_ping);
    }
    page.push_str("\nWanted: at most 2 ms added at p99 to a preauth, 5 ms to a registration; pings within 10 ms.\n\n## Machine\n\n");
    for (name, value) in facts {
        let _ = writeln!(page, "- {name}: {value}");
    }
}
