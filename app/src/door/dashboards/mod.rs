//! Dashboards: rows of cards that the team shares. The server draws them; a script follows the time, and turns the pages of a wall.

mod board;
mod card;
mod edit;
mod fault;
mod list;
mod page;
mod view;
mod wall;

pub use board::dashboard;
pub use card::DashboardCardView;
pub use fault::DashboardFault;
pub use list::{DashboardListing, DashboardsPage, dashboards, dashboards_title};
pub use page::{DASHBOARDS_SCRIPT, DashboardPage};
pub use view::{DashboardMode, DashboardView};
