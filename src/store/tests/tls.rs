//! Encryption to a server: who cannot prove who it is gets nothing, least of all the password.

use std::fs;
use std::sync::Arc;

use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio_rustls::TlsAcceptor;

use super::*;

/// The database behind a door of its own: what it answers to the question for encryption.
struct Door {
    address: String,
    /// The certificate, for those who want to trust it.
    trusted: TempDir,
    _task: tokio::task::JoinSet<()>,
}

impl Door {
    async fn open(site: &Site, is_encrypted: bool) -> Self {
        let key = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let trusted = tempfile::tempdir().unwrap();
        fs::write(trusted.path().join("ca.pem"), key.cert.pem()).unwrap();
        let ring = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(ring)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![CertificateDer::from(key.cert.der().to_vec())],
                PrivateKeyDer::try_from(key.signing_key.serialize_der()).unwrap(),
            )
            .unwrap();
        let acceptor = is_encrypted.then(|| TlsAcceptor::from(Arc::new(config)));
        let url = site.url();
        let folder = url.split("host=").nth(1).unwrap();
        let folder = folder.split('&').next().unwrap();
        let socket = Path::new(folder).join(".s.PGSQL.5432");
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let name = url.split(['/', '?']).nth(3).unwrap();
        let mut task = tokio::task::JoinSet::new();
        task.spawn(async move {
            let mut visitors = tokio::task::JoinSet::new();
            while let Ok((visitor, _)) = listener.accept().await {
                visitors.spawn(admit(visitor, acceptor.clone(), socket.clone()));
            }
        });
        Self {
            address: format!("postgres://wavedeck:s3cret@localhost:{port}/{name}"),
            trusted,
            _task: task,
        }
    }

    fn trusted(&self) -> String {
        self.trusted.path().join("ca.pem").display().to_string()
    }
}

/// Source: <https://www.postgresql.org/docs/current/protocol-flow.html>, «SSL Session Encryption».
async fn admit(mut visitor: TcpStream, acceptor: Option<TlsAcceptor>, socket: PathBuf) {
    let mut question = [0; 8];
    if visitor.read_exact(&mut question).await.is_err() {
        return;
    }
    let answer = if acceptor.is_some() { b"S" } else { b"N" };
    visitor.write_all(answer).await.unwrap();
    let mut inside = UnixStream::connect(socket).await.unwrap();
    // Who does not like the certificate goes away.
    let _ = match acceptor {
        Some(acceptor) => match acceptor.accept(visitor).await {
            Ok(mut visitor) => copy_bidirectional(&mut visitor, &mut inside).await,
            Err(why) => Err(why),
        },
        None => copy_bidirectional(&mut visitor, &mut inside).await,
    };
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_must_be_trusted_unless_the_address_says_otherwise() {
    let Some(site) = Site::server() else { return };
    let door = Door::open(&site, true).await;
    let why = fails(&format!("{}?sslmode=verify-full", door.address)).await;
    assert!(matches!(why, StoreError::Unsafe { .. }), "{why:?}");
    assert!(!format!("{why} {why:?}").contains("s3cret"), "{why:?}");
    for wish in [
        format!("verify-full&sslrootcert={}", door.trusted()),
        "require".to_owned(),
    ] {
        let text = format!("{}?sslmode={wish}", door.address);
        let location = Location::parse(&text).unwrap();
        let (store, _) = Store::open(location, NOW).await.unwrap();
        store.begin(&rename("a", "b"), NOW).await.unwrap();
        store.close().await;
    }
    let other = door.address.replace("localhost", "127.0.0.1");
    let trusted = format!("?sslmode=verify-full&sslrootcert={}", door.trusted());
    let why = fails(&format!("{other}{trusted}")).await;
    assert!(matches!(why, StoreError::Unsafe { .. }), "{why:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_without_encryption_is_refused_where_encryption_is_wanted() {
    let Some(site) = Site::server() else { return };
    let door = Door::open(&site, false).await;
    for wish in ["require", "verify-full"] {
        let why = fails(&format!("{}?sslmode={wish}", door.address)).await;
        assert!(matches!(why, StoreError::Unsafe { .. }), "{why:?}");
    }
    // On this computer nobody is in between.
    let location = Location::parse(&door.address).unwrap();
    let (store, _) = Store::open(location, NOW).await.unwrap();
    store.begin(&rename("a", "b"), NOW).await.unwrap();
}
