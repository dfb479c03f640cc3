//! What the program takes while it does nothing, what it keeps, how fast it reads, and how large it is.

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::Context as _;
use reqwest::Client;
use rustls::ClientConfig;
use tokio::task::JoinSet;

use super::Bench;
use super::process::{self, Work};
use super::program::{Home, Program, Server, World};
use super::starts::count;
use super::table::{Figure, median};
use super::terminal::{Session, now};

/// How long everything may take to load.
const LIMIT: Duration = Duration::from_secs(300);
/// After a program has settled nothing is left of its start.
const SETTLED: Duration = Duration::from_secs(2);
/// How long programs are watched doing nothing.
const IDLE: Duration = Duration::from_secs(10);
/// Requests at once, as many as the dashboard makes where there is no limit.
const AT_ONCE: usize = 16;
/// The slowest pace there is, for requests that nobody waits for.
const SLOWEST: &str = "0.01";

/// Ten seconds in which nothing happens, of both at the same time.
pub(crate) fn idle(bench: &Bench) -> anyhow::Result<Vec<Figure>> {
    if !process::is_told() {
        return Ok(vec![untold("wake-ups in 10 s idle")]);
    }
    let world = World {
        groups: 100,
        members: 256,
        latency: Duration::ZERO,
    };
    let server = Server::start(&bench.programs, world)?;
    let home = Home::new()?;
    let mut ours = Session::start(&bench.programs.ours(&home, &server))?;
    ours.wait_for("synced", LIMIT)?;
    let mut bare = Session::start(&bench.programs.bare(world.groups, true))?;
    bare.wait_for("item 0", LIMIT)?;
    ours.pass(SETTLED);
    let pids = [ours.pid()?, bare.pid()?];
    let work =
        || -> anyhow::Result<[Work; 2]> { Ok([process::work(pids[0])?, process::work(pids[1])?]) };
    let before = work()?;
    ours.pass(IDLE);
    let after = work()?;
    let [ours, bare] = [after[0].since(before[0]), after[1].since(before[1])];
    let wakes = |work: Work| u32::try_from(work.wakes).ok().map(f64::from);
    let busy = |work: Work| Some(work.busy.as_secs_f64() * 1000.0);
    Ok(vec![
        Figure::new("wake-ups in 10 s idle", wakes(ours), "")
            .beside(wakes(bare))
            .goal("0"),
        Figure::new("processor time in 10 s idle", busy(ours), "ms")
            .beside(busy(bare))
            .goal("0"),
    ])
}

/// Memory, with everything loaded, or with the ids only.
pub(crate) fn memory(bench: &Bench) -> anyhow::Result<Vec<Figure>> {
    if !process::is_told() {
        return Ok(vec![untold("memory")]);
    }
    let mut figures = memory_of(bench, 100, Some(256), "≤ 16 MB")?;
    figures.extend(memory_of(bench, bench.many, Some(256), "≤ 64 MB")?);
    if bench.most > bench.many {
        figures.extend(memory_of(bench, bench.most, None, "≤ 64 MB")?);
    }
    Ok(figures)
}

fn memory_of(
    bench: &Bench,
    groups: usize,
    loaded: Option<usize>,
    goal: &'static str,
) -> anyhow::Result<Vec<Figure>> {
    let world = World {
        groups,
        members: loaded.unwrap_or(8),
        latency: Duration::ZERO,
    };
    let server = Server::start(&bench.programs, world)?;
    let home = Home::new()?;
    let program = bench.programs.ours(&home, &server);
    let mut ours = if loaded.is_some() {
        let mut session = Session::start(&program)?;
        session.wait_for("synced", LIMIT)?;
        session
    } else {
        let mut session = Session::start(&program.at_pace(SLOWEST))?;
        session.wait_for(&format!("of {}", count(groups)), LIMIT)?;
        session
    };
    ours.pass(SETTLED);
    let mut bare = Session::start(&bench.programs.bare(groups, true))?;
    bare.wait_for("item 0", LIMIT)?;
    let (now, most) = process::memory(ours.pid()?)?;
    let (bare_now, bare_most) = process::memory(bare.pid()?)?;
    let what = match loaded {
        Some(members) => format!("{} groups × {members} members", count(groups)),
        None => format!("{} ids", count(groups)),
    };
    Ok(vec![
        Figure::new(format!("memory, {what}"), Some(now), "MB")
            .beside(Some(bare_now))
            .goal(goal),
        Figure::new(format!("memory at most, {what}"), Some(most), "MB").beside(Some(bare_most)),
    ])
}

fn untold(what: &str) -> Figure {
    Figure::new(what, None, "").note("Linux only")
}

/// Details in a second as fast as the wire allows, beside a loop that asks and does nothing else.
pub(crate) fn details(bench: &Bench) -> anyhow::Result<Vec<Figure>> {
    let world = World {
        groups: bench.details,
        members: 256,
        latency: Duration::from_millis(20),
    };
    let server = Server::start(&bench.programs, world)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let (ours, loops) = bench.few_pairs(
        |_| {
            all_names(
                &bench
                    .programs
                    .ours(&Home::new()?, &server)
                    .at_pace("unlimited"),
            )
        },
        |_| runtime.block_on(all_details(&server)),
    )?;
    let rate = |times: &[Duration]| -> Option<f64> {
        let groups = u32::try_from(world.groups).ok()?;
        Some(f64::from(groups) * 1000.0 / median(times)?)
    };
    let what = format!("details of {} groups, 20 ms each", count(world.groups));
    let figure = Figure::new(what, rate(&ours), "/s").beside(rate(&loops));
    Ok(vec![figure.goal("≥ 0.95 × a plain loop")])
}

/// From the first frame until every name is there.
fn all_names(program: &Program) -> anyhow::Result<Duration> {
    let mut session = Session::start(program)?;
    let begin = session.wait(LIMIT, |screen| !screen.contents().trim().is_empty());
    let end = session.wait_for("synced", LIMIT)?;
    Ok(end.saturating_duration_since(begin.context("there is no first frame")?))
}

/// The list, and the details of each, a few at once; answers are read and thrown away.
async fn all_details(server: &Server) -> anyhow::Result<Duration> {
    let client = plain_client()?;
    let begin = now();
    let ids: Arc<Vec<String>> = Arc::new(ids(&get(&client, server, "").await?)?);
    let next = Arc::new(AtomicUsize::new(0));
    let mut tasks = JoinSet::new();
    for _ in 0..AT_ONCE {
        let (ids, next, client) = (Arc::clone(&ids), Arc::clone(&next), client.clone());
        let requests = Requests::of(server);
        tasks.spawn(async move {
            while let Some(id) = ids.get(next.fetch_add(1, Ordering::Relaxed)) {
                requests.get(&client, &format!("/{id}")).await?;
            }
            anyhow::Ok(())
        });
    }
    while let Some(ended) = tasks.join_next().await {
        ended??;
    }
    Ok(begin.elapsed())
}

/// How the server is asked.
struct Requests {
    base: String,
    user_name: String,
    token: String,
}

impl Requests {
    fn of(server: &Server) -> Self {
        Self {
            base: format!("{}/v1/whatsapp/groups", server.base_url),
            user_name: server.user_name.clone(),
            token: server.token.clone(),
        }
    }

    async fn get(&self, client: &Client, path: &str) -> anyhow::Result<Vec<u8>> {
        let request = client
            .get(format!("{}{path}", self.base))
            .header("userName", &self.user_name)
            .header("authenticationToken", &self.token);
        let answer = request.send().await?.error_for_status()?;
        Ok(answer.bytes().await?.to_vec())
    }
}

async fn get(client: &Client, server: &Server, path: &str) -> anyhow::Result<Vec<u8>> {
    Requests::of(server).get(client, path).await
}

/// The ids in the answer to the list call.
fn ids(answer: &[u8]) -> anyhow::Result<Vec<String>> {
    let answer: serde_json::Value = serde_json::from_slice(answer)?;
    let groups = answer.get("groups").and_then(|groups| groups.as_array());
    let groups = groups.context("a list of groups")?;
    let id = |group: &serde_json::Value| group.get("id")?.as_str().map(str::to_owned);
    Ok(groups.iter().filter_map(id).collect())
}

#[expect(
    clippy::disallowed_methods,
    reason = "what is beside the dashboard must not share its client"
)]
fn plain_client() -> anyhow::Result<Client> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
    let client = Client::builder().no_proxy();
    Ok(client.tls_backend_preconfigured(tls).build()?)
}

/// The size of the program without its symbols.
pub(crate) fn size(bench: &Bench) -> anyhow::Result<Vec<Figure>> {
    let folder = tempfile::tempdir()?;
    let stripped = |path| -> Option<f64> {
        let out = folder.path().join("stripped");
        let strip = Command::new("strip").arg("-o").arg(&out).arg(path).status();
        strip.ok().filter(std::process::ExitStatus::success)?;
        let kilobytes = std::fs::metadata(&out).ok()?.len() / 1000;
        Some(f64::from(u32::try_from(kilobytes).ok()?) / 1000.0)
    };
    let figure = Figure::new(
        "the program on the disk, stripped",
        stripped(&bench.programs.ours),
        "MB",
    )
    .beside(stripped(&bench.programs.bare));
    Ok(vec![figure.goal("≤ 16 MB").note("no `strip` here")])
}
