//! The faults, as a list.
//!
//! How they are played is in the siblings. Invariant: [`Fault::ALL`] has every fault once, because
//! both come from one list.

macro_rules! faults {
    ($($(#[$doc:meta])* $name:ident,)+) => {
        /// What can go wrong with a request that found a server. What goes wrong before that (no such
        /// name, nobody listens, TLS) needs no server and is not here.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Fault {
            $($(#[$doc])* $name,)+
        }

        impl Fault {
            /// Every fault.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];
        }
    };
}

faults! {
    /// The connection ends in good order before anything of the request was read.
    AcceptThenClose,
    /// A connection that was used before breaks as the next request comes. On a fresh connection
    /// nothing goes wrong: the request is passed on.
    StaleKeepAlive,
    /// Reset; not a byte of the request was read.
    ResetUnread,
    /// Reset; the head of the request was read, its body not.
    ResetAfterHead,
    /// Reset; the whole request was read.
    ResetAfterRequest,
    /// The whole request was read, and then nothing, until the client gives up.
    StallAfterRequest,
    /// `HTTP/1.1 200 OK`, and the connection ends.
    StatusLineOnly,
    /// The answer stops in the middle of a header, and the connection stays open.
    HeaderStall,
    /// Half of the body that was announced, and the connection ends.
    TruncatedBody,
    /// The body comes byte by byte.
    Drip,
    /// A body in chunks, without the last one, and the connection ends.
    UnterminatedChunked,
    /// 200 without a body.
    EmptyBody,
    /// 200, `null`.
    NullBody,
    /// 200, `{}`.
    EmptyObject,
    /// 200, a page of HTML: a captive portal.
    Html,
    /// 200, JSON that breaks off.
    InvalidJson,
    /// 200, JSON with bytes that are not UTF-8.
    InvalidUtf8,
    /// The usual answer after a byte order mark.
    ByteOrderMark,
    /// 200, JSON whose known fields have types that they never have.
    WrongTypes,
    /// 200, an object without `groups`.
    NoGroups,
    /// 200, `{"groups":null}`.
    NullGroups,
    /// 200, `{"groups":[]}`.
    EmptyGroups,
    /// 200, an empty list of groups that takes 64 MiB, of unannounced length.
    Oversize,
    /// 200, 10,000 arrays in each other.
    DeepNesting,
    /// 202, `{}`.
    Accepted202,
    /// 204.
    NoContent204,
    /// 206: done in part.
    Partial206,
    /// 301 to [`super::FaultServer::elsewhere_url`].
    Moved301,
    /// 302, the same way.
    Found302,
    /// 303, the same way.
    SeeOther303,
    /// 307, the same way.
    Temporary307,
    /// 308, the same way.
    Permanent308,
    /// 400.
    BadRequest400,
    /// 401, in the words of the document.
    Unauthorized401,
    /// 403.
    Forbidden403,
    /// 404.
    NotFound404,
    /// 405.
    NotAllowed405,
    /// 408.
    RequestTimeout408,
    /// 409.
    Conflict409,
    /// 413, a page of HTML.
    TooLarge413,
    /// 415.
    UnsupportedType415,
    /// 422.
    Unprocessable422,
    /// 420, which this provider's pages list beside 429.
    Throttled420,
    /// 429.
    TooMany429,
    /// 429 with `Retry-After` in seconds: [`super::Options::retry_after`].
    TooManySeconds429,
    /// 429 with `Retry-After` as a date, so many seconds after `Date`.
    TooManyDate429,
    /// 500, a page of HTML.
    ServerError500,
    /// 502, a page of HTML.
    BadGateway502,
    /// 503 with `Retry-After` in seconds.
    Unavailable503,
    /// 504 without a body.
    GatewayTimeout504,
}

impl Fault {
    /// Whether the server takes the whole request before this goes wrong. Only then can the request
    /// have been applied.
    pub fn takes_the_request(self) -> bool {
        !matches!(
            self,
            Self::AcceptThenClose | Self::StaleKeepAlive | Self::ResetUnread | Self::ResetAfterHead
        )
    }
}
