//! The texts of the doctor, which only the lab's piece brings.

mod en;
mod ko;

use common::frame::ByeReason;

use crate::i18n::words;

/// Every text of the doctor in one language.
#[derive(Debug)]
pub struct DoctorWords {
    /// The page.
    pub name: &'static str,
    /// Introduces the Doctor.
    pub intro: &'static str,
    /// Button.
    pub again: &'static str,
    /// Button.
    pub copy: &'static str,
    /// It was.
    pub copied: &'static str,
    /// It could not be: the text is selected.
    pub not_copied: &'static str,
    /// Choice of a proxy.
    pub proxy: &'static str,
    /// Before a proxy's name, over its lines.
    pub lines_for: &'static str,
    /// Over the lines that let every transport through.
    pub lines_whole: &'static str,
    /// Over the lines for HTTP/2.
    pub lines_http2: &'static str,
    /// Below them.
    pub lines_are_all: &'static str,
    /// Title of what is well or not known yet.
    pub rest: &'static str,
    /// Behind the summary, while silence is still being examined.
    pub silence_goes_on: &'static str,
    /// Title.
    pub report: &'static str,
    /// Says that the Doctor's code could not be loaded.
    pub missing: &'static str,
    /// In the report: when.
    pub made: &'static str,
    /// In the report: the page's address.
    pub address: &'static str,
    /// In the report: the browser.
    pub browser: &'static str,

    // Verdicts.
    /// Under way.
    pub running: &'static str,
    /// Nothing is wrong.
    pub well: &'static str,
    /// Worth knowing.
    pub note: &'static str,
    /// Something is wrong.
    pub fault: &'static str,
    /// Not known.
    pub unknown: &'static str,

    // Titles, as long as nothing is wrong.
    /// Addresses of the transports.
    pub routes: &'static str,
    /// WebSocket's upgrade.
    pub upgrade: &'static str,
    /// Answers that go on.
    pub streaming: &'static str,
    /// Encryption.
    pub tls: &'static str,
    /// The host that requests ask for.
    pub host: &'static str,
    /// The version of HTTP.
    pub http: &'static str,
    /// Connections at once.
    pub crowd: &'static str,
    /// The two clocks.
    pub clock: &'static str,
    /// Connections on which nothing goes.
    pub idle: &'static str,

    // Titles of what is wrong.
    /// Something else answers for an address.
    pub blocked: &'static str,
    /// A WebSocket's request comes without its `Upgrade`.
    pub stripped: &'static str,
    /// A WebSocket's request does not come, or its answer does not.
    pub refused: &'static str,
    /// Answers are buffered.
    pub held: &'static str,
    /// Each event comes late.
    pub late: &'static str,
    /// No TLS.
    pub no_tls: &'static str,
    /// Someone reads what is encrypted.
    pub opened: &'static str,
    /// Requests ask for someone else.
    pub other_host: &'static str,
    /// HTTP/1.0.
    pub old_http: &'static str,
    /// The six connections of HTTP/1.1.
    pub six: &'static str,
    /// Few streams at once over HTTP/2.
    pub few_streams: &'static str,
    /// The clocks are apart.
    pub apart: &'static str,
    /// Silent connections are cut.
    pub cut: &'static str,
    /// Answers are ended however much flows.
    pub short_life: &'static str,

    // Remedies.
    /// About an address that is blocked.
    pub mend_routes: &'static str,
    /// About the upgrade.
    pub mend_upgrade: &'static str,
    /// About answers that are held back.
    pub mend_streaming: &'static str,
    /// About events that come late.
    pub mend_late: &'static str,
    /// About a page without TLS.
    pub mend_plain: &'static str,
    /// About TLS that is opened.
    pub mend_tls: &'static str,
    /// About whom requests ask for.
    pub mend_host: &'static str,
    /// About HTTP/1.0.
    pub mend_http: &'static str,
    /// About the six connections.
    pub mend_six: &'static str,
    /// About few streams over HTTP/2.
    pub mend_streams: &'static str,
    /// About the clocks.
    pub mend_clock: &'static str,
    /// About silent connections.
    pub mend_idle: &'static str,
    /// About answers that are ended.
    pub mend_life: &'static str,

    // Findings.
    /// It is under way.
    pub asking: &'static str,
    /// The server did not answer.
    pub no_word: &'static str,
    /// Its address is blocked, so there is nothing to be seen.
    pub behind_block: &'static str,
    /// The server refuses it, for it asks for someone else.
    pub behind_host: &'static str,
    /// No TLS, over a network.
    pub plain: &'static str,
    /// No TLS, on the server's own machine.
    pub plain_local: &'static str,
    /// Too little came of what was published, or nothing could be.
    pub too_few: &'static str,
    /// The server turned the stream away.
    pub turned_away: fn(ByeReason) -> String,
    /// Each event comes so many milliseconds late, and how far that may be off.
    pub late_seen: fn(&str, &str) -> String,
    /// Nothing came of a stream that begins long, though a short one passes; after so many seconds.
    pub held_long: fn(&str) -> String,
    /// The request for a WebSocket came well, its answer did not.
    pub answer_lost: &'static str,
    /// Added where who opens TLS also holds answers back.
    pub opened_held: &'static str,
    /// Nothing came of the stream; after so many seconds.
    pub held_all: fn(&str) -> String,
    /// Pieces came in lumps; nothing for so many seconds.
    pub held_some: fn(&str) -> String,
    /// The stream had another status.
    pub stream_refused: fn(u16) -> String,
    /// So many addresses are the server's.
    pub all_routes: fn(usize) -> String,
    /// Name and path of a transport, and the status that something else answers with.
    pub route_answered: fn(&str, u16) -> String,
    /// Says that the route is open but the connection is cut.
    pub route_cut: fn(&str) -> String,
    /// Says that the route is open but gives no answer.
    pub route_silent: fn(&str) -> String,
    /// A WebSocket opened, after so long.
    pub socket_opened: fn(&str) -> String,
    /// Its request came in this version of HTTP, without `Upgrade`.
    pub socket_stripped: fn(&str) -> String,
    /// Its request did not come; the browser was told after so long.
    pub socket_refused: fn(&str) -> String,
    /// Its request did not come, and the browser was told nothing in so many seconds.
    pub socket_silent: fn(&str) -> String,
    /// So many pieces, the first after so long.
    pub streamed: fn(usize, &str) -> String,
    /// The version of HTTP that both ends speak.
    pub whole: fn(&str) -> String,
    /// TLS ends at a proxy, which passes on in this version.
    pub ends_before: fn(&str) -> String,
    /// The protocols: of the browser, and of the server.
    pub opened_seen: fn(&str, &str) -> String,
    /// Requests ask for this one, as the browser did.
    pub same_host: fn(&str) -> String,
    /// The hosts: the one that the browser asked for, and the one that the server received.
    pub other_seen: fn(&str, &str) -> String,
    /// Requests arrive in this version.
    pub arrives: fn(&str) -> String,
    /// Requests arrive as HTTP/1.0, though the browser speaks this version.
    pub old_seen: fn(&str) -> String,
    /// So many requests came at once, in this version.
    pub all_at_once: fn(usize, &str) -> String,
    /// So many of so many came at once; the others waited for so many seconds.
    pub six_seen: fn(usize, usize, &str) -> String,
    /// Names the version of HTTP, for a limit that is not the browser's.
    pub streams_seen: fn(usize, usize, &str, &str) -> String,
    /// The difference between the clocks, and its uncertainty.
    pub clocks: fn(&str, &str) -> String,
    /// The server's clock: whether it is ahead, by how long, and the uncertainty.
    pub apart_seen: fn(bool, &str, &str) -> String,
    /// Silent for so many seconds, of so many.
    pub silent_so_far: fn(u32, u32) -> String,
    /// Silent for so many seconds to the end.
    pub silent_long: fn(u32) -> String,
    /// Cut after so many seconds; the server speaks every so many, and whether that is soon enough.
    pub cut_seen: fn(&str, u64, bool) -> String,
    /// Dropped without a word within so many seconds.
    pub dropped: fn(u32) -> String,
    /// A proxy of this name ends every answer after so many seconds.
    pub life_seen: fn(&str, u32) -> String,
    /// The silence did not begin; with this status.
    pub no_silence: fn(u16) -> String,
    /// The numbers of faults and of notes.
    pub found: fn(usize, usize) -> String,
}

words!(DoctorWords, en::EN, ko::KO);
