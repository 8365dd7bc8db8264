//! The front door: set-up, sign-in, one's own account, notices, accounts and invitations, the audit log, hosts, probes, targets, history, Explore, dashboards, kept lines, finite streams, the REST API. Each is a whole document
//! that the server renders from plain data, with plain forms and without any script but those that ask the browser for
//! a passkey, to show notices, to follow a stream or to point at a chart, so that it works before, beside and without the app. Forms and addresses stand in [`common::door`].

mod account;
mod agent;
mod api;
mod audit;
mod context;
mod dashboards;
mod devices;
mod document;
mod done;
mod explore;
mod explore_axis;
mod explore_chart;
mod explore_legend;
mod explore_picker;
mod explore_problem;
mod explore_save;
mod explore_stack;
mod explore_svg;
mod explore_values;
mod explore_view;
mod field;
mod form;
mod history;
mod history_span;
mod history_spikes;
mod hosts;
mod invitation;
mod kept_logs;
mod message;
mod notices;
mod passkeys;
mod passwords;
mod people;
mod probes;
mod problem;
mod provider_problem;
mod second_factor;
mod sessions;
mod set_up;
mod sign_in;
mod source_parts;
mod streams;
mod targets;
mod tokens;
mod totp;
mod uptime;
mod wall_display;
mod words;

pub use account::{AccountPage, AccountProblem, AccountSection, account};
pub use api::{ApiAnswer, ApiField, ApiGroup, ApiOperation, ApiPage, ApiSchema, api};
pub use audit::{AuditFilter, AuditPage, AuditRow, AuditVerdict, audit};
pub use context::{DoorContext, DoorUser};
pub use dashboards::{
    DASHBOARDS_SCRIPT, DashboardCardView, DashboardFault, DashboardListing, DashboardMode, DashboardPage,
    DashboardView, DashboardsPage, dashboard, dashboards, dashboards_title,
};
pub use devices::{DEVICES_SCRIPT, DeviceRow, SERVICE_WORKER, test_title};
pub use done::{AccountDone, NoticesDone, PeopleDone};
pub use explore::{EXPLORE_SCRIPT, ExplorePage, explore};
pub use explore_chart::ExploreSeries;
pub use explore_picker::{FoundRow, FoundSeries};
pub use explore_problem::ExploreProblem;
pub use explore_save::ExploreSaving;
pub use explore_svg::explore_svg;
pub use explore_values::ExploreValues;
pub use explore_view::{EXPLORE_SERIES, ExploreComparison, ExploreRange, ExploreView};
pub use history::{HistoryLine, HistoryPage, HistoryPanel, has_history, history};
pub use history_span::{HISTORY_SPANS, HistorySpan};
pub use hosts::{HOSTS_SCRIPT, HostAgent, HostRow, HostsChoice, HostsPage, hosts};
pub use invitation::{AcceptInvitationPage, accept_invitation};
pub use kept_logs::{KEPT_LOG_HOURS, KeptLogSearch, KeptLogsPage, kept_logs};
pub use message::{MessagePage, message};
pub use notices::{
    NoticeFormDraft, NoticeListFilter, NoticeReceipts, NoticeRow, NoticesPage, ShownAudience, notices,
};
pub use passkeys::{NewPasskeyStep, PASSKEY_SCRIPT, PasskeyChallenge, PasskeyRow};
pub use people::{InvitationRow, PeoplePage, PersonRow, people};
pub use probes::{PROBE_KINDS, ProbeRow, ProbesPage, probes};
pub use problem::FormProblem;
pub use provider_problem::ProviderProblem;
pub use second_factor::{SecondFactorPage, second_factor};
pub use sessions::SessionRow;
pub use set_up::{SetUpPage, set_up};
pub use sign_in::{SignInPage, sign_in};
pub use source_parts::SourceDone;
pub use streams::{STREAMS_SCRIPT, stream, streams};
pub use targets::{TargetAnswer, TargetRow, TargetsPage, targets};
pub use tokens::{NewToken, Reauthentication, TokenDraft, TokenRow};
pub use totp::SecondFactorState;
pub(crate) use wall_display::wall_bar;
