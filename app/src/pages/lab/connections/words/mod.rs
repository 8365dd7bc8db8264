//! The texts of the page of connections, which only the lab's piece brings.

mod en;
mod ko;

use crate::i18n::words;

/// Every text of the page of connections in one language.
#[derive(Debug)]
pub struct ConnectionsWords {
    /// Introduces the page.
    pub intro: &'static str,
    /// The table, for screen readers.
    pub table: &'static str,
    /// Field.
    pub find: &'static str,
    /// Explains the search field.
    pub find_hint: &'static str,
    /// Column.
    pub transport: &'static str,
    /// Column.
    pub address: &'static str,
    /// Column.
    pub topics: &'static str,
    /// Column.
    pub lag: &'static str,
    /// Explains the count.
    pub lag_hint: &'static str,
    /// Column.
    pub mailbox: &'static str,
    /// Explains the count.
    pub mailbox_hint: &'static str,
    /// Column.
    pub round_trip: &'static str,
    /// Explains the round trip.
    pub round_trip_hint: &'static str,
    /// Column.
    pub sent: &'static str,
    /// Explains the count.
    pub sent_hint: &'static str,
    /// Column.
    pub dropped: &'static str,
    /// Explains the count.
    pub dropped_hint: &'static str,
    /// Column.
    pub since: &'static str,
    /// Column, for screen readers.
    pub actions: &'static str,
    /// Beside the connection of the page itself.
    pub this_page: &'static str,
    /// A connection that follows nothing.
    pub no_topics: &'static str,
    /// A round trip that nobody knows.
    pub unknown: &'static str,
    /// There are none.
    pub nobody: &'static str,
    /// None of them has what stands in the field.
    pub nothing_found: &'static str,
    /// Button that empties the field.
    pub show_all: &'static str,
    /// Field for the operator's token.
    pub token: &'static str,
    /// Says where the token is.
    pub token_hint: &'static str,
    /// The server does not take it.
    pub token_wrong: &'static str,
    /// Button that gives it.
    pub token_give: &'static str,
    /// Says that a proxy may hide a slow reader.
    pub hidden: &'static str,
    /// They could not be had.
    pub failed: &'static str,
    /// The last list is shown.
    pub old: &'static str,
    /// Button.
    pub follow: &'static str,
    /// Button.
    pub kick: &'static str,
    /// Dialog.
    pub kick_title: &'static str,
    /// In it, where it is the page's own.
    pub kick_own: &'static str,
    /// Button.
    pub kick_now: &'static str,
    /// Button.
    pub cancel: &'static str,
    /// Title, before the address.
    pub frames: &'static str,
    /// The table, for screen readers.
    pub frames_table: &'static str,
    /// Column.
    pub time: &'static str,
    /// Column.
    pub way: &'static str,
    /// Column.
    pub size: &'static str,
    /// Column.
    pub text: &'static str,
    /// To the client.
    pub down: &'static str,
    /// From the client.
    pub up: &'static str,
    /// Below a size that is smaller than the text.
    pub compressed: &'static str,
    /// Behind a text of which the end is left out.
    pub cut: &'static str,
    /// Button.
    pub pause: &'static str,
    /// Button.
    pub go_on: &'static str,
    /// Button.
    pub close: &'static str,
    /// No frame has come.
    pub waiting: &'static str,
    /// The connection that is followed is no more.
    pub ended: &'static str,
    /// It cannot be followed any more.
    pub lost: &'static str,
    /// Following.
    pub on: &'static str,

    // Sentences with something in them.
    /// The numbers of connections that are shown, that match, and that exist.
    pub shown: fn(usize, usize, usize) -> String,
    /// Name of the button, with the address.
    pub follow_one: fn(&str) -> String,
    /// Name of the button, with the address.
    pub kick_one: fn(&str) -> String,
    /// Asks for confirmation: address, transport, and the number of topics that the connection follows.
    pub kick_told: fn(&str, &str, usize) -> String,
    /// It has been ended, with its address.
    pub kicked: fn(&str) -> String,
    /// It could not be, with its address and the server's sentence.
    pub not_kicked: fn(&str, &str) -> String,
    /// So many frames are not shown.
    pub missed: fn(u64) -> String,
    /// So many frames have come since the reader paused.
    pub paused: fn(usize) -> String,
}

words!(ConnectionsWords, en::EN, ko::KO);

#[cfg(test)]
mod tests {
    use super::ConnectionsWords;
    use crate::i18n::Language;

    #[test]
    fn a_reader_that_a_proxy_hides_is_told_of_in_each_language() {
        for language in Language::ALL {
            let told = ConnectionsWords::of(language).hidden;
            for word in ["Varnish", "h2o", "mitmproxy", "lighttpd", "64"] {
                assert!(told.contains(word), "{word}: {told}");
            }
        }
    }
}
