//! How long the calls take.

use super::*;

const READS: [Call; 3] = [Call::Info, Call::Invite, Call::Icon];
const CHANGES: [Call; 9] = [
    Call::Create,
    Call::Rename,
    Call::ResetInvite,
    Call::Remove,
    Call::Promote,
    Call::Demote,
    Call::Leave,
    Call::RemoveIcon,
    Call::Send,
];

fn provider(latency: Option<Duration>) -> Provider {
    let state = State::new(&Settings::default());
    Provider {
        state,
        latency,
        pictures: String::new(),
        is_local: true,
    }
}

#[test]
fn the_demo_takes_its_time_within_ranges() {
    let provider = provider(None);
    let check = |call, range: std::ops::RangeInclusive<u128>| {
        let drawn: Vec<_> = (0..50).map(|_| provider.latency(call)).collect();
        assert!(drawn.iter().all(|time| range.contains(&time.as_millis())));
        assert!(drawn.iter().any(|time| *time != drawn[0]), "{drawn:?}");
    };
    check(Call::List, 80..=200);
    check(Call::SetIcon, 300..=900);
    for call in READS {
        check(call, 60..=180);
    }
    for call in CHANGES {
        check(call, 150..=450);
    }
}

#[test]
fn a_latency_that_is_set_holds_for_every_call() {
    for length in [Duration::ZERO, Duration::from_millis(20)] {
        let provider = provider(Some(length));
        for call in READS
            .into_iter()
            .chain(CHANGES)
            .chain([Call::List, Call::SetIcon])
        {
            assert_eq!(provider.latency(call), length);
        }
    }
}

#[tokio::test]
async fn people_are_moved_from_outside_only_where_outside_is_this_computer() {
    let ask = async |is_local| {
        let provider = Provider {
            is_local,
            ..provider(Some(Duration::ZERO))
        };
        let body = r#"{"group":"5519900000000-1513616971","source":"5511900000099"}"#;
        let request = Request::post("/__sim/join").body(Body::from(body));
        let answer = answer(Extracted(provider.clone()), request.unwrap()).await;
        (answer.status().as_u16(), provider.state.seen().len())
    };
    assert_eq!(ask(true).await, (200, 0));
    assert_eq!(ask(false).await, (404, 1));
}
