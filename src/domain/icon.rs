//! Group icons: where the server says they are, the file we may send, and the pixels we can draw.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use url::{Host, Url};

use super::{BaseUrl, Clean};

/// Where a picture can be fetched. https on a public host, or this computer for a simulator there:
/// the address comes from the server and must not lead us into the user's own network.
///
/// Source: «Consulting a Group Icon»: `data`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IconAddress(Url);

/// Why an address from an answer is not followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IconAddressError {
    /// The server gives the picture in another form than by its address.
    #[error("the server does not give the picture as an address")]
    NotAnAddress,
    /// No URL.
    #[error("the address of the picture is no URL")]
    NotAUrl,
    /// Over [`IconAddress::MAX_BYTES`].
    #[error("the address of the picture is too long")]
    TooLong,
    /// Another scheme than https.
    #[error("the address of the picture is not https")]
    NotHttps,
    /// A private, local or unspecified address.
    #[error("the address of the picture leads into a private network")]
    Private,
    /// Credentials in the URL.
    #[error("the address of the picture carries credentials")]
    Credentials,
}

/// Whether the account itself is on this computer: only then may a picture be here too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Neighbourhood {
    /// The API is somewhere else: pictures must be public.
    Remote,
    /// The API is on this computer: so may pictures be, over plain http too.
    Loopback,
}

impl Neighbourhood {
    /// The neighbourhood of an account, by the root of its API.
    pub fn of(base: &BaseUrl) -> Self {
        if base.is_loopback() {
            Self::Loopback
        } else {
            Self::Remote
        }
    }
}

impl IconAddress {
    /// Longest address that is followed, in bytes.
    pub const MAX_BYTES: usize = 2048;

    /// Checks an address from an answer. Names are not resolved here: whoever connects has to look
    /// at what a name resolves to.
    ///
    /// # Errors
    /// When the address must not be followed.
    pub fn new(text: &str, neighbourhood: Neighbourhood) -> Result<Self, IconAddressError> {
        let text = text.trim();
        if text.len() > Self::MAX_BYTES {
            return Err(IconAddressError::TooLong);
        }
        let url = Url::parse(text).map_err(|_why| IconAddressError::NotAUrl)?;
        let host = url.host().ok_or(IconAddressError::NotAUrl)?;
        let here = match &host {
            Host::Domain(name) => *name == "localhost",
            Host::Ipv4(ip) => ip.is_loopback(),
            Host::Ipv6(ip) => ip.is_loopback(),
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(IconAddressError::Credentials);
        }
        let allowed_here = here && neighbourhood == Neighbourhood::Loopback;
        match url.scheme() {
            "https" => {}
            "http" if allowed_here => {}
            _ => return Err(IconAddressError::NotHttps),
        }
        let private = match host {
            Host::Domain(name) => here || is_local_name(name),
            Host::Ipv4(ip) => !is_public(IpAddr::V4(ip)),
            Host::Ipv6(ip) => !is_public(IpAddr::V6(ip)),
        };
        if private && !allowed_here {
            return Err(IconAddressError::Private);
        }
        Ok(Self(url))
    }

    /// The URL.
    pub fn url(&self) -> &Url {
        &self.0
    }
}

fn is_local_name(name: &str) -> bool {
    let last = name.trim_end_matches('.').rsplit('.').next();
    matches!(last, Some("local" | "internal" | "localhost"))
}

/// Whether an address is one of the public internet.
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => {
            let [a, b, c, _] = ip.octets();
            !(ip.is_private()
                || ip.is_loopback()
                || ip.is_link_local()
                || ip.is_unspecified()
                || ip.is_broadcast()
                || ip.is_multicast()
                || ip.is_documentation()
                // For protocols, shared by carriers, for benchmarks, reserved.
                || (a == 192 && b == 0 && c == 0)
                || (a == 100 && (64..128).contains(&b))
                || (a == 198 && (18..20).contains(&b))
                || a == 0
                || a >= 240)
        }
        IpAddr::V6(ip) => {
            if let Some(v4) = embedded(ip) {
                is_public(IpAddr::V4(v4))
            } else {
                let [first, second, third, ..] = ip.segments();
                !(ip.is_multicast()
                    // Unique local; link local and site local; for documents; translated locally.
                    || (first & 0xfe00) == 0xfc00
                    || (first & 0xff80) == 0xfe80
                    || (first == 0x2001 && second == 0x0db8)
                    || (first == 0x64 && second == 0xff9b && third == 1))
            }
        }
    }
}

/// The IPv4 address that an IPv6 address leads to.
fn embedded(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    match ip.segments() {
        // Compatible (loopback is among them) and mapped; translated by the network; 6to4.
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [0x2002, high, low, ..] => Some(Ipv4Addr::from((u32::from(high) << 16) | u32::from(low))),
        _ => None,
    }
}

/// What the server says about an icon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IconInfo {
    /// Where the picture is, or why it is not fetched.
    pub address: Result<IconAddress, IconAddressError>,
    /// The address as the server wrote it, for showing and copying.
    pub written: Clean,
    /// MIME type as claimed.
    pub mime: Option<Clean>,
    /// File name as claimed; never used as a path.
    pub file_name: Option<Clean>,
}

/// A picture prepared for the server: a square JPEG of at most [`IconFile::MAX_EDGE`] pixels,
/// without metadata. Only `thumbnail` makes one, from decoded pixels: nothing else can leave.
#[derive(Clone, PartialEq, Eq)]
pub struct IconFile {
    bytes: Arc<[u8]>,
    edge: u32,
}

impl IconFile {
    /// Longest edge that is sent, in pixels (`docs/api-notes.md`, «icon»).
    pub const MAX_EDGE: u32 = 640;
    /// Shortest edge that is sent, in pixels.
    pub const MIN_EDGE: u32 = 192;
    /// Largest file that is sent, in bytes.
    pub const MAX_BYTES: usize = 5 * 1024 * 1024;
    /// What is always sent.
    pub const MIME: &'static str = "image/jpeg";

    /// Wraps bytes that were just encoded from pixels; `edge` is both width and height.
    pub fn encoded(bytes: Vec<u8>, edge: u32) -> Self {
        Self {
            bytes: bytes.into(),
            edge,
        }
    }

    /// The JPEG.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Width and height in pixels.
    pub fn edge(&self) -> u32 {
        self.edge
    }
}

impl std::fmt::Debug for IconFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "IconFile({} px, {} bytes)", self.edge, self.bytes.len())
    }
}

/// A picture small enough to draw in cells: rows from the top, `width × height` pixels of RGB.
#[derive(Clone, PartialEq, Eq)]
pub struct Thumbnail {
    width: u32,
    height: u32,
    pixels: Arc<[[u8; 3]]>,
}

impl Thumbnail {
    /// `None` unless there are exactly `width × height` pixels.
    pub fn new(width: u32, height: u32, pixels: Vec<[u8; 3]>) -> Option<Self> {
        let all = usize::try_from(u64::from(width) * u64::from(height)).ok()?;
        (all == pixels.len() && all > 0).then(|| Self {
            width,
            height,
            pixels: pixels.into(),
        })
    }

    /// Width in pixels.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Height in pixels.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// The colour at a place; `None` outside.
    pub fn pixel(&self, x: u32, y: u32) -> Option<[u8; 3]> {
        if x >= self.width || y >= self.height {
            return None;
        }
        self.pixels
            .get(usize::try_from(u64::from(y) * u64::from(self.width) + u64::from(x)).ok()?)
            .copied()
    }
}

impl std::fmt::Debug for Thumbnail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Thumbnail({} × {})", self.width, self.height)
    }
}

/// A picture that was fetched and decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// `JPEG` or `PNG`, by content.
    pub format: &'static str,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// The file as it came: for saving.
    pub file: Arc<[u8]>,
    /// What can be drawn in cells.
    pub thumbnail: Thumbnail,
    /// The same picture ready to be sent back, for undoing; `None` when it is too small for that.
    pub restore: Option<IconFile>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_must_be_public_unless_the_api_itself_is_here() {
        let remote = |text: &str| IconAddress::new(text, Neighbourhood::Remote);
        assert!(remote("https://chatclub-cdn.wavy.global/2019/03/25/x/groupIcon.jpeg").is_ok());
        assert_eq!(
            remote("http://chatclub-cdn.wavy.global/x"),
            Err(IconAddressError::NotHttps)
        );
        assert_eq!(
            remote("https://u:p@host/x"),
            Err(IconAddressError::Credentials)
        );
        assert_eq!(remote("file:///etc/passwd"), Err(IconAddressError::NotAUrl));
        assert_eq!(remote("nonsense"), Err(IconAddressError::NotAUrl));
        for inside in [
            "https://127.0.0.1/x",
            "https://10.0.0.1/x",
            "https://192.168.1.1/x",
            "https://169.254.169.254/latest",
            "https://[::1]/x",
            "https://[fd00::1]/x",
            "https://[::]/x",
            "https://[::ffff:10.0.0.1]/x",
            "https://[::10.0.0.1]/x",
            "https://[64:ff9b::10.0.0.1]/x",
            "https://[64:ff9b:1::1]/x",
            "https://[2002:a00:1::]/x",
            "https://[fe80::1]/x",
            "https://[fec0::1]/x",
            "https://[ff02::1]/x",
            "https://192.0.0.1/x",
            "https://2130706433/x",
            "https://0x7f.1/x",
            "https://100.64.0.1/x",
            "https://localhost/x",
            "https://printer.local/x",
            "https://printer.local./x",
            "https://LOCALHOST./x",
            "https://a.localhost/x",
        ] {
            assert_eq!(remote(inside), Err(IconAddressError::Private), "{inside}");
        }
        for public in [
            "https://8.8.8.8/x",
            "https://[2606:4700::1]/x",
            "https://[64:ff9b::8.8.8.8]/x",
            "https://[::ffff:8.8.8.8]/x",
        ] {
            assert!(remote(public).is_ok(), "{public}");
        }
        let long = |n: usize| format!("https://h/{}", "x".repeat(n - 10));
        assert!(remote(&long(IconAddress::MAX_BYTES)).is_ok());
        assert_eq!(
            remote(&long(IconAddress::MAX_BYTES + 1)),
            Err(IconAddressError::TooLong)
        );
        let here = |text: &str| IconAddress::new(text, Neighbourhood::Loopback);
        assert!(here("http://127.0.0.1:4000/x").is_ok());
        assert_eq!(here("http://10.0.0.1/x"), Err(IconAddressError::NotHttps));
    }

    #[test]
    fn a_thumbnail_has_all_its_pixels() {
        assert!(Thumbnail::new(2, 2, vec![[0; 3]; 3]).is_none());
        let one = Thumbnail::new(2, 1, vec![[1; 3], [2; 3]]).unwrap();
        assert_eq!((one.pixel(1, 0), one.pixel(0, 1)), (Some([2; 3]), None));
    }
}
