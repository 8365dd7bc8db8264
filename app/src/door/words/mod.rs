//! The texts of the front door, in each language.

mod account;
mod api;
mod audit;
mod dashboard_faults;
mod dashboards;
mod devices;
mod entry;
mod explore;
mod history;
mod hosts;
mod kept_logs;
mod message;
mod notices;
mod people;
mod problems;
mod shared;
mod sources;
mod streams;

pub(super) use account::AccountWords;
pub(super) use api::ApiWords;
pub(super) use audit::AuditWords;
pub(super) use dashboards::DashboardWords;
pub(super) use devices::DeviceWords;
pub(super) use entry::EntryWords;
pub(super) use explore::ExploreWords;
pub(super) use history::HistoryWords;
pub(super) use hosts::HostWords;
pub(super) use kept_logs::KeptLogWords;
pub(super) use message::MessageWords;
pub(super) use notices::NoticeWords;
pub(super) use people::PeopleWords;
pub(super) use problems::problem_sentence;
pub(super) use shared::SharedWords;
pub(super) use sources::SourceWords;
pub(super) use streams::StreamWords;
