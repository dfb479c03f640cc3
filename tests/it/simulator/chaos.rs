//! The bad day of the demo.

use std::collections::HashSet;

use wavedeck::sim::Chaos;
use wavedeck::sim::faults::{Asked, Fault, Play};

use super::*;

const GROUPS: &str = "/v1/whatsapp/groups";

fn asked(path: &str, repeat: u64) -> Asked<'_> {
    Asked {
        method: "GET",
        path,
        before: 0,
        repeat,
    }
}

fn is_calm(play: &Play) -> bool {
    *play == Play::Forward
}

#[test]
fn about_fifteen_requests_in_a_hundred_meet_a_fault() {
    let chaos = Chaos::new(1);
    let plays: Vec<Play> = (0..20_000)
        .map(|n| chaos.decide(&asked(&format!("/{}", n / 2), n % 2)))
        .collect();
    let faults = plays.iter().filter(|play| !is_calm(play)).count();
    assert!((2_700..3_300).contains(&faults), "{faults}");
    for wanted in [
        Play::Instead(Fault::TooManySeconds429),
        Play::Instead(Fault::TooManyDate429),
        Play::Instead(Fault::Throttled420),
        Play::Instead(Fault::Unavailable503),
        Play::Instead(Fault::ServerError500),
        Play::AfterApplying(Fault::ServerError500),
        Play::AfterApplying(Fault::BadGateway502),
        Play::Instead(Fault::GatewayTimeout504),
        Play::Instead(Fault::ResetAfterHead),
        Play::Instead(Fault::ResetAfterRequest),
        Play::AfterApplying(Fault::ResetAfterRequest),
        Play::Instead(Fault::StallAfterRequest),
        Play::AfterApplying(Fault::StallAfterRequest),
        Play::AfterApplying(Fault::TruncatedBody),
        Play::AfterApplying(Fault::InvalidJson),
        Play::AfterApplying(Fault::Html),
        Play::AfterApplying(Fault::Drip),
    ] {
        assert!(plays.contains(&wanted), "{wanted:?}");
    }
}

#[test]
fn the_same_seed_makes_the_same_day_and_another_one_another() {
    let day = |seed: u64| -> Vec<Play> {
        let decide = |n| Chaos::new(seed).decide(&asked(GROUPS, n));
        (0..500).map(decide).collect()
    };
    assert_eq!(day(1), day(1));
    assert_ne!(day(1), day(2));
    // What else is asked meanwhile makes no difference.
    let late = Asked {
        before: 99,
        ..asked(GROUPS, 3)
    };
    assert_eq!(Chaos::new(1).decide(&late), day(1)[3]);
}

#[test]
fn neighbouring_seeds_make_days_of_their_own_in_which_sending_fails_too() {
    let send = |seed, n| {
        Chaos::new(seed).decide(&Asked {
            method: "POST",
            ..asked("/v1/whatsapp/send", n)
        })
    };
    let mut early = 0;
    for seed in 1..=20 {
        let day: Vec<Play> = (0..100).map(|n| send(seed, n)).collect();
        let faults = day.iter().filter(|play| !is_calm(play)).count();
        assert!((4..35).contains(&faults), "seed {seed}: {faults}");
        let later: Vec<Play> = (0..99).map(|n| send(seed + 1, n)).collect();
        assert_ne!(day[1..], later[..], "seed {seed}");
        early += usize::from(!day.iter().take(12).all(is_calm));
    }
    assert!(
        early >= 14,
        "who tries a few messages meets a fault: {early}"
    );
}

#[test]
fn a_day_may_be_perfect_or_hopeless() {
    for (percent, calm) in [(0, true), (100, false)] {
        let chaos = Chaos { seed: 1, percent };
        let plays = (0..500).map(|n| chaos.decide(&asked(GROUPS, n)));
        assert!(plays.into_iter().all(|play| is_calm(&play) == calm));
    }
}

#[tokio::test]
async fn a_simulator_on_a_bad_day_fails_where_the_seed_says_and_nowhere_else() {
    let chaos = Chaos {
        seed: 3,
        percent: 40,
    };
    let desk = Desk::open(Settings {
        chaos: Some(chaos),
        ..settings()
    })
    .await;
    let mut met = HashSet::new();
    let mut applied = 0;
    for n in 0..60 {
        let play = chaos.decide(&asked(GROUPS, n));
        // Some faults take their time: this client has none.
        let patience = match play {
            Play::Forward => Duration::from_secs(20),
            Play::Instead(_) | Play::AfterApplying(_) | Play::Answer { .. } | Play::Raw(_) => {
                Duration::from_millis(300)
            }
        };
        let request = desk.request("GET", GROUPS).timeout(patience);
        let result = match request.send().await {
            Ok(response) => {
                let status = response.status();
                let body = response.text().await;
                body.map(|body| (status, serde_json::from_str(&body).unwrap_or(Value::Null)))
            }
            Err(why) => Err(why),
        };
        let went_well = matches!(&result, Ok((status, body))
            if *status == 200 && body["groups"].as_array().is_some_and(|all| all.len() == 16));
        assert_eq!(went_well, is_calm(&play), "{n}: {play:?}: {result:?}");
        applied += usize::from(!matches!(play, Play::Instead(_)));
        met.insert(format!("{play:?}"));
    }
    assert!(met.len() > 8, "{met:?}");
    // On a busy machine this client gives up before the last request is applied.
    let all = async {
        while desk.state().seen().len() < applied {
            tokio::task::yield_now().await;
        }
    };
    let all = tokio::time::timeout(Duration::from_secs(20), all);
    all.await.unwrap();
    assert_eq!(desk.state().seen().len(), applied);
    // Pictures come from a host that has a good day.
    let icon = desk.state().icon(CORRIDA).unwrap();
    assert_eq!(icon.mime_type, "image/png");
    desk.simulator.stop().await;
}

#[tokio::test]
async fn chaos_listens_where_the_simulator_was_told_to_and_passes_on() {
    let chaos = Settings {
        chaos: Some(Chaos {
            seed: 1,
            percent: 0,
        }),
        ..settings()
    };
    let desk = Desk::open(chaos.clone()).await;
    assert_eq!(desk.listed().await.len(), 16);
    let renamed = json!({"subject": "Corrida 8h"});
    let answer = desk.corrida_call("PUT", "", renamed).await;
    answer.assert_done();
    assert_eq!(desk.corrida().subject, "Corrida 8h");
    let taken = Settings {
        listen: desk.simulator.local_addr(),
        ..chaos
    };
    let error = Simulator::start(taken).await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::AddrInUse);
}
