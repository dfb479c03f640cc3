//! Hosts that nobody ever gets a request to: no name, nobody there, no answer, no trust.
//!
//! Invariant: each counts what arrived of requests after all.

use std::net::{Ipv4Addr, SocketAddr, TcpListener as Listener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use tokio::io::AsyncReadExt as _;
use tokio::net::{TcpListener, TcpSocket};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{ServerConfig, crypto};

use super::cell::Trouble;

/// A name that is reserved for not being there.
const NO_NAME: &str = "https://no-such-host.invalid";
/// More connections than this wait nowhere.
const MOST_WAITING: usize = 64;

const LOOPBACK: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

/// The hosts, all of them on this computer.
pub(super) struct Hosts {
    /// Taken, so that nobody else can listen there, but nobody listens.
    vacant: (TcpSocket, SocketAddr),
    /// A queue that is full, with those who wait in it.
    full: (Listener, Vec<TcpStream>),
    self_signed: Option<Tls>,
    expired: Option<Tls>,
    wrong_host: Option<Tls>,
    stalling: Option<Tls>,
    /// A host in good order, to see that its issuer is trusted at all.
    good: Option<Tls>,
}

/// A server that would speak TLS.
struct Tls {
    address: SocketAddr,
    requests: Arc<AtomicUsize>,
    _tasks: JoinSet<()>,
}

impl Hosts {
    /// Those that need no certificates.
    pub(super) fn plain() -> Self {
        let vacant = TcpSocket::new_v4().unwrap();
        vacant.bind(LOOPBACK).unwrap();
        let address = vacant.local_addr().unwrap();
        Self {
            vacant: (vacant, address),
            full: full_queue(),
            self_signed: None,
            expired: None,
            wrong_host: None,
            stalling: None,
            good: None,
        }
    }

    /// All of them, with the issuer whose certificate is in this file.
    pub(super) async fn with_tls(issuer: &Issuer) -> Self {
        let alone = KeyPair::generate().unwrap();
        let own = params("localhost").self_signed(&alone).unwrap();
        let mut late = params("localhost");
        late.not_before = date_time_ymd(2017, 1, 1);
        late.not_after = date_time_ymd(2018, 1, 1);
        Self {
            self_signed: Some(Tls::serving(own.der().clone(), &alone).await),
            expired: Some(issuer.host(&late).await),
            wrong_host: Some(issuer.host(&params("elsewhere.example")).await),
            good: Some(issuer.host(&params("localhost")).await),
            stalling: Some(Tls::stalling().await),
            ..Self::plain()
        }
    }

    /// Where a trouble is met before any request is; `None` where a request is needed.
    pub(super) fn base_url(&self, trouble: Trouble) -> Option<String> {
        let tls = |host: &Option<Tls>| {
            let port = host.as_ref().unwrap().address.port();
            Some(format!("https://localhost:{port}"))
        };
        match trouble {
            Trouble::NoSuchName => Some(NO_NAME.to_owned()),
            Trouble::NobodyListens => Some(format!("http://{}", self.vacant.1)),
            Trouble::Blackhole => Some(format!("http://{}", self.full.0.local_addr().unwrap())),
            Trouble::SelfSigned => tls(&self.self_signed),
            Trouble::Expired => tls(&self.expired),
            Trouble::WrongHost => tls(&self.wrong_host),
            Trouble::HandshakeStall => tls(&self.stalling),
            Trouble::Meets(_) => None,
        }
    }

    /// A host whose certificate is good.
    pub(super) fn good(&self) -> String {
        let port = self.good.as_ref().unwrap().address.port();
        format!("https://localhost:{port}")
    }

    /// How many requests arrived at hosts that are not to be trusted.
    pub(super) fn requests(&self) -> usize {
        let hosts = [
            &self.self_signed,
            &self.expired,
            &self.wrong_host,
            &self.stalling,
        ];
        let heard = |host: &Tls| host.requests.load(Ordering::SeqCst);
        hosts.into_iter().flatten().map(heard).sum()
    }
}

/// Connecting to it gets no answer: its queue is full, and what comes then is dropped.
fn full_queue() -> (Listener, Vec<TcpStream>) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(LOOPBACK).unwrap();
    let listener = socket.listen(0).unwrap().into_std().unwrap();
    let address = listener.local_addr().unwrap();
    let mut waiting = Vec::new();
    while let Ok(stream) = TcpStream::connect_timeout(&address, Duration::from_millis(200)) {
        waiting.push(stream);
        assert!(waiting.len() < MOST_WAITING, "this queue is never full");
    }
    (listener, waiting)
}

fn params(host: &str) -> CertificateParams {
    CertificateParams::new(vec![host.to_owned()]).unwrap()
}

/// Who vouches for hosts.
pub(super) struct Issuer(CertifiedIssuer<'static, KeyPair>);

impl Issuer {
    pub(super) fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        Self(CertifiedIssuer::self_signed(params, key).unwrap())
    }

    /// Writes down whom to trust.
    pub(super) fn save(&self, path: &Path) {
        std::fs::write(path, self.0.pem()).unwrap();
    }

    async fn host(&self, params: &CertificateParams) -> Tls {
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.0).unwrap();
        Tls::serving(certificate.der().clone(), &key).await
    }
}

impl Tls {
    async fn serving(certificate: CertificateDer<'static>, key: &KeyPair) -> Self {
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let provider = Arc::new(crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        Self::start(Some(acceptor)).await
    }

    /// Takes connections and never says a word.
    async fn stalling() -> Self {
        Self::start(None).await
    }

    async fn start(acceptor: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind(LOOPBACK).await.unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&requests);
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let mut open = JoinSet::new();
            while let Ok((mut stream, _)) = listener.accept().await {
                let (acceptor, counted) = (acceptor.clone(), Arc::clone(&counted));
                open.spawn(async move {
                    let mut bytes = [0; 4096];
                    let Some(acceptor) = acceptor else {
                        // The client's greeting, and nothing after it.
                        while stream.read(&mut bytes).await.is_ok_and(|length| length > 0) {}
                        return;
                    };
                    if let Ok(mut stream) = acceptor.accept(stream).await
                        && stream.read(&mut bytes).await.is_ok_and(|length| length > 0)
                    {
                        counted.fetch_add(1, Ordering::SeqCst);
                    }
                });
            }
        });
        Self {
            address,
            requests,
            _tasks: tasks,
        }
    }
}
