//! Senders that dawdle, lie and hold on: the others notice nothing.

use super::*;

/// How many dawdle.
const DAWDLERS: usize = 500;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_hundred_heads_that_never_end_delay_nobody() {
    let (receiver, memory) = receiver().await;
    let address = receiver.local_addr();
    let mut dawdlers = Vec::new();
    let mut slowest = Duration::ZERO;
    for number in 0..DAWDLERS {
        let mut dawdler = connect(address).await;
        dawdler
            .write_all(b"POST / HTTP/1.1\r\nX-Slow:")
            .await
            .unwrap();
        dawdlers.push(dawdler);
        if number % 10 == 0 {
            let begun = tokio::time::Instant::now();
            let body = batch([number.to_string()]);
            assert_eq!(status(address, &post(PATH, &body)).await, 200);
            slowest = slowest.max(begun.elapsed());
        }
    }
    println!("slowest answer among {DAWDLERS} dawdlers: {slowest:?}");
    assert_eq!(memory.count(), DAWDLERS / 10);
    // Less than the five seconds after which the first of them would have gone by itself.
    assert!(slowest < Duration::from_secs(4), "{slowest:?}");
}

#[tokio::test]
async fn a_connection_that_is_kept_serves_beside_those_who_dawdle() {
    let (receiver, memory) = receiver().await;
    let address = receiver.local_addr();
    let mut good = connect(address).await;
    let mut dawdlers = Vec::new();
    for number in 0..20 {
        good.write_all(&post(PATH, &batch([number.to_string()])))
            .await
            .unwrap();
        assert_eq!(answer(&mut good).await.unwrap().0, 200);
        for _ in 0..10 {
            dawdlers.push(connect(address).await);
        }
    }
    assert_eq!(memory.count(), 20);
}

#[tokio::test]
async fn a_body_that_never_ends_is_given_up() {
    let (receiver, memory) = receiver().await;
    let mut stream = connect(receiver.local_addr()).await;
    let request = String::from_utf8(post(PATH, "")).unwrap();
    let request = request.replace("Content-Length: 0", "Content-Length: 100");
    stream.write_all(request.as_bytes()).await.unwrap();
    assert_eq!(answer(&mut stream).await.unwrap().0, 408);
    assert_eq!(memory.count(), 0);
}

#[tokio::test]
async fn a_body_without_end_takes_no_more_than_its_share() {
    let (receiver, memory) = receiver().await;
    let mut stream = connect(receiver.local_addr()).await;
    let head =
        format!("POST /{PATH} HTTP/1.1\r\nHost: [::1]\r\nTransfer-Encoding: chunked\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    let chunk = format!("10000\r\n{}\r\n", "[".repeat(0x10000));
    let mut sent = 0;
    // It hangs up long before this is through.
    while sent < 64 * 1024 * 1024 && stream.write_all(chunk.as_bytes()).await.is_ok() {
        sent += chunk.len();
    }
    assert!(sent < 16 * 1024 * 1024, "{sent} bytes were read");
    assert_eq!(memory.count(), 0);
}

#[tokio::test]
async fn a_length_that_is_a_lie_does_no_harm() {
    let (receiver, memory) = receiver().await;
    let address = receiver.local_addr();
    let request = String::from_utf8(post(PATH, "{}")).unwrap();
    let lie =
        |length: &str| request.replace("Content-Length: 2", &format!("Content-Length: {length}"));
    // Announced and far too long: refused before anything is sent.
    let announced = lie("99999999999").replace("Host:", "Expect: 100-continue\r\nHost:");
    assert_eq!(status(address, announced.as_bytes()).await, 413);
    for length in ["-1", "18446744073709551616", "2, 3", "x"] {
        assert_eq!(
            status(address, lie(length).as_bytes()).await,
            400,
            "{length}"
        );
    }
    let both = request.replace("Host:", "Transfer-Encoding: chunked\r\nHost:");
    let mut stream = connect(address).await;
    stream.write_all(both.as_bytes()).await.unwrap();
    // Refused or read as the chunks it says it is, which these are not.
    assert!(
        answer(&mut stream)
            .await
            .is_none_or(|(status, _)| status >= 400)
    );
    assert_eq!(memory.count(), 0);
    assert_eq!(status(address, &post(PATH, MESSAGES)).await, 200);
}
