//! Posts what happens to the account's webhook, and lets life go on.
//!
//! What is posted is decided in [`super::post`] and [`super::script`]; here are the clock and the
//! sockets. Invariant: every try belongs to the one task of a [`Pusher`], so none outlives it.

use std::future::pending;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until};

use super::State;
use super::post::Letter;
use super::script::Script;

/// The running task. Dropping it ends it, with every try that is under way.
#[derive(Debug)]
pub(super) struct Pusher(JoinSet<()>);

impl Pusher {
    /// Begins. Idle, without a timer, until there is an address.
    pub(super) fn start(state: State, script: Option<Script>) -> Self {
        let mut task = JoinSet::new();
        task.spawn(run(state, script));
        Self(task)
    }

    /// Ends it and waits for that.
    pub(super) async fn stop(mut self) {
        self.0.shutdown().await;
    }
}

async fn run(state: State, mut script: Option<Script>) {
    let (bell, started) = {
        let world = state.world();
        (world.bell(), world.started())
    };
    let mut tries = JoinSet::new();
    loop {
        let wake = {
            let world = &mut *state.world();
            let now = world.elapsed();
            if let Some(script) = &mut script {
                script.go_on(now, world);
            }
            if let Some(letter) = world.post().take(now) {
                for _ in 0..letter.copies {
                    tries.spawn(deliver(state.clone(), letter.clone()));
                }
            }
            let life = script.as_ref().and_then(Script::wake);
            [life, world.post().wake()].into_iter().flatten().min()
        };
        tokio::select! {
            () = bell.notified() => {}
            () = until(started, wake) => {}
            Some(_) = tries.join_next() => {}
        }
    }
}

async fn until(started: Instant, wake: Option<Duration>) {
    match wake {
        Some(wake) => sleep_until(started + wake).await,
        None => pending().await,
    }
}

/// Tries until somebody takes the batch, the same bytes each time.
async fn deliver(state: State, letter: Letter) {
    state.world().post().pushed().batches += 1;
    let pauses = std::iter::once(Duration::ZERO).chain(letter.pushing.retries);
    for pause in pauses {
        if !pause.is_zero() {
            sleep(pause).await;
        }
        state.world().post().pushed().tries += 1;
        if letter.to.post(letter.body.clone()).await {
            state.world().post().pushed().taken += 1;
            return;
        }
    }
    state.world().post().pushed().given_up += 1;
}
