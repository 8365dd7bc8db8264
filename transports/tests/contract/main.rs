//! The promises of every transport, as one table of cases that every entry of the catalog passes. A further transport
//! is one probe (a client that knows nothing of our code but the documented wire) and one line here.

#![allow(unreachable_pub, missing_docs, reason = "nothing outside of this test reads it")]

mod cases;
mod inbound;
mod nodes;
#[path = "../support/mod.rs"]
mod support;
mod switches;
mod world;

macro_rules! contract {
    ($name:ident, $probe:expr, [$($group:ident: $($case:ident),+);+]) => {
        mod $name {
            $($(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    crate::cases::$group::$case(&$probe).await;
                }
            )+)+
        }
    };
}

/// Every case for one transport. After its probe stand the groups that only some transports have: `held` where the
/// server knows of a client between two frames, and those of the way up by name where there is one.
macro_rules! promises {
    ($name:ident, $probe:expr $(; $group:ident: $($case:ident),+)*) => {
        contract!($name, $probe, [
            order: entries_arrive_in_order_without_duplicate,
                a_newcomer_gets_the_present_value_and_its_place;
            resume: every_moment_of_death_is_resumed_without_loss,
                an_evicted_stretch_is_told_before_what_is_left,
                a_restart_is_told_and_followed_by_what_there_is,
                a_made_up_cursor_is_told_foreign,
                a_snapshot_begins_with_all_that_is_kept,
                a_client_can_change_to_every_other_transport;
            silence: a_heartbeat_moves_the_cursor_past_what_others_saw;
            refusal: a_foreign_origin_is_refused,
                a_foreign_host_is_refused,
                an_unknown_topic_is_refused,
                too_many_topics_are_refused,
                a_malformed_cursor_is_refused,
                a_malformed_topic_is_refused;
            slow: a_stalled_reader_slows_no_one_and_finds_the_truth;
            access: a_stranger_is_refused,
                a_topic_out_of_reach_is_refused,
                a_wall_display_is_told_what_it_is_shown_and_refused_the_rest,
                a_reader_whose_rights_are_taken_away_is_ended_and_refused;
            stream: a_stream_is_told_from_its_beginning_whenever_its_reader_comes,
                a_stream_goes_on_wherever_its_reader_was_cut,
                a_stream_that_has_gone_is_told_so_and_the_rest_goes_on,
                a_writer_that_waits_loses_nothing_to_a_reader_who_lags,
                a_reader_who_is_slower_than_another_is_told_what_it_misses;
            drain: everyone_is_told_when_to_come_back
            $(; $group: $($case),+)*
        ]);
    };
}

/// Tests of a transport that holds a connection, with what only that can promise.
macro_rules! held_promises {
    ($name:ident, $probe:expr $(; $group:ident: $($case:ident),+)*) => {
        promises!($name, $probe;
            silence: a_client_that_vanishes_is_let_go;
            refusal: one_connection_too_many_is_told_when_to_come_back;
            slow: a_reader_that_never_reads_is_given_up
            $(; $group: $($case),+)*);
    };
}

promises!(polling, transport_probes::Polling;
    asking: what_is_asked_again_is_answered_without_the_router, what_is_asked_differently_is_judged_anew,
        what_was_lost_on_the_way_is_told_again);
held_promises!(long_polling, transport_probes::LongPolling;
    asking: what_is_asked_again_is_answered_without_the_router, what_is_asked_differently_is_judged_anew,
        what_was_lost_on_the_way_is_told_again);
held_promises!(http_stream, transport_probes::HttpStream;
    liveness: a_one_way_line_ends_with_its_age_and_goes_on_from_its_cursor, a_line_gives_way_to_the_next_of_its_client);
held_promises!(sse, transport_probes::Sse;
    liveness: a_one_way_line_ends_with_its_age_and_goes_on_from_its_cursor, a_line_gives_way_to_the_next_of_its_client;
    event_stream: a_block_has_data_and_its_id_comes_last, a_head_names_charset_and_coding);
held_promises!(websocket, transport_probes::WebSocket;
    inbound: topics_come_and_go_on_an_open_line, a_ping_is_answered,
        a_reader_who_does_not_look_is_told_later_and_only_the_newest, an_unknown_topic_is_answered_and_the_line_stays,
        what_breaks_a_rule_is_closed_with_its_code, a_message_may_come_in_any_pieces, a_flood_is_closed,
        a_close_is_answered_with_its_code);
held_promises!(websocket_deflated, transport_probes::Deflated;
    inbound: topics_come_and_go_on_an_open_line, a_ping_is_answered,
        a_reader_who_does_not_look_is_told_later_and_only_the_newest, an_unknown_topic_is_answered_and_the_line_stays,
        what_breaks_a_rule_is_closed_with_its_code, a_message_may_come_in_any_pieces, a_flood_is_closed,
        a_close_is_answered_with_its_code;
    deflate: an_offer_is_answered_with_what_is_agreed, a_publication_is_compressed_once_for_all,
        a_compressed_message_is_understood, what_cannot_be_inflated_is_closed_with_its_code,
        what_was_not_agreed_is_closed;
    frames: a_message_is_one_frame_whose_deflate_stream_goes_on;
    liveness: a_listener_is_pinged_on_a_busy_line_and_its_pong_is_life);
held_promises!(socketio, transport_probes::SocketIo);
held_promises!(socketio_polling, transport_probes::SocketIoPolling);

#[test]
fn every_entry_of_the_catalog_has_its_probe() {
    let probed: Vec<_> = transport_probes::all().iter().map(|probe| probe.entry().id).collect();
    let catalog: Vec<_> = transports::catalog::CATALOG.iter().map(|entry| entry.id).collect();
    assert_eq!(probed, catalog);
}
