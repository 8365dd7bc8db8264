//! Series of measurements. A series has an id, a unit, a kind and a label, and the collector that fills it registers
//! it.

use std::{borrow::Cow, fmt};

use serde::{Deserialize, Serialize};

/// The unit of a series' values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// 0 to 100.
    Percent,
    /// Bytes; shown in IEC units (GiB).
    Bytes,
    /// Bytes a second; shown in SI units (MB/s).
    BytesPerSecond,
    /// Seconds.
    Seconds,
    /// Degrees Celsius.
    Celsius,
    /// A plain number.
    Count,
}

/// The meaning of a series' values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SeriesKind {
    /// A level at a moment.
    Gauge,
    /// The mean speed since the sample before.
    Rate,
}

/// The description of a series. One with `instanced` has a value for each core, mount or interface.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Series {
    /// The id, for example `cpu.total`.
    pub id: Cow<'static, str>,
    /// The unit of its values.
    pub unit: Unit,
    /// The meaning of its values.
    pub kind: SeriesKind,
    /// The name for people, in English.
    pub label: Cow<'static, str>,
    /// True if its keys carry an instance.
    pub instanced: bool,
}

impl Series {
    /// A series with one value.
    #[must_use]
    pub const fn new(id: &'static str, unit: Unit, kind: SeriesKind, label: &'static str) -> Self {
        Self { id: Cow::Borrowed(id), unit, kind, label: Cow::Borrowed(label), instanced: false }
    }

    /// Makes a series with a value for each instance.
    #[must_use]
    pub const fn for_each_instance(mut self) -> Self {
        self.instanced = true;
        self
    }
}

/// A series, or one instance of it: `cpu.total`, `cpu.core:3`, `filesystem.used:/var/lib`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SeriesKey(Cow<'static, str>);

impl SeriesKey {
    /// The key of a series that has one value.
    #[must_use]
    pub const fn of(id: &'static str) -> Self {
        Self(Cow::Borrowed(id))
    }

    /// The key of one instance of a series. The instance is a name from outside: data, shown as text only.
    #[must_use]
    pub fn instance(id: &str, instance: impl fmt::Display) -> Self {
        Self(Cow::Owned(format!("{id}:{instance}")))
    }

    /// The whole key.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The series, without its instance.
    #[must_use]
    pub fn series(&self) -> &str {
        self.0.split_once(':').map_or(&*self.0, |(id, _)| id)
    }
}

impl std::borrow::Borrow<str> for SeriesKey {
    fn borrow(&self) -> &str {
        &self.0
    }
}

/// The ids that pages show; each is registered by the collector of its name.
pub mod id {
    /// Busy share of all cores, percent.
    pub const CPU_TOTAL: &str = "cpu.total";
    /// Busy share of one core, percent, by core number.
    pub const CPU_CORE: &str = "cpu.core";
    /// Share of one core spent in programs, percent, by core number.
    pub const CPU_USER: &str = "cpu.user";
    /// Share of one core spent in the kernel, interrupts included, percent, by core number.
    pub const CPU_SYSTEM: &str = "cpu.system";
    /// Share of one core lost waiting for disks or taken by the hypervisor, percent, by core number.
    pub const CPU_WAIT: &str = "cpu.wait";
    /// Memory in use, percent.
    pub const MEMORY_PERCENT: &str = "memory.percent";
    /// Memory in use, bytes.
    pub const MEMORY_USED: &str = "memory.used";
    /// Memory there is, bytes.
    pub const MEMORY_TOTAL: &str = "memory.total";
    /// Swap in use, bytes.
    pub const SWAP_USED: &str = "swap.used";
    /// Swap there is, bytes.
    pub const SWAP_TOTAL: &str = "swap.total";
    /// Space in use on the fullest of the machine's own disks, percent.
    pub const DISK_PERCENT: &str = "disk.percent";
    /// Space in use, bytes, by mount point.
    pub const FILESYSTEM_USED: &str = "filesystem.used";
    /// Space that programs can have, bytes, by mount point: in use and available. What is kept back for root or by a
    /// quota is in neither, so that shares agree with `df`.
    pub const FILESYSTEM_TOTAL: &str = "filesystem.total";
    /// 1 for a mount to which nothing can be written; absent for all others. By mount point.
    pub const FILESYSTEM_READ_ONLY: &str = "filesystem.read_only";
    /// Read from a physical disk, mounted or not, bytes a second, by device; under the bare id all together.
    pub const DISK_READ: &str = "disk.read";
    /// Written to a physical disk, mounted or not, bytes a second, by device; under the bare id all together.
    pub const DISK_WRITTEN: &str = "disk.written";
    /// Received, bytes a second, by interface; under the bare id by all cards, each byte once.
    pub const NETWORK_RECEIVED: &str = "network.received";
    /// Sent, bytes a second, by interface; under the bare id by all cards, each byte once.
    pub const NETWORK_SENT: &str = "network.sent";
    /// Load average over 1 minute.
    pub const LOAD_1: &str = "load.1";
    /// Load average over 5 minutes.
    pub const LOAD_5: &str = "load.5";
    /// Load average over 15 minutes.
    pub const LOAD_15: &str = "load.15";
    /// Seconds since the machine started.
    pub const UPTIME: &str = "uptime";
    /// Degrees Celsius, by sensor.
    pub const TEMPERATURE: &str = "temperature";
}
