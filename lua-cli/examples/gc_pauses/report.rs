//! Figures out of measurements.

use std::time::Duration;

use lua_gc::CollectorKind;

use crate::longest::Longest;
use crate::options;

/// How long iterations took.
pub(crate) struct Distribution {
    /// Nanoseconds of each.
    times: Vec<u32>,
}

impl Distribution {
    pub(crate) fn with_room(count: u64) -> Distribution {
        Distribution { times: Vec::with_capacity(count as usize) }
    }

    /// One more; what takes over four seconds counts as that.
    pub(crate) fn add(&mut self, time: Duration) {
        self.times.push(u32::try_from(time.as_nanos()).unwrap_or(u32::MAX));
    }

    pub(crate) fn sum(&self) -> Duration {
        Duration::from_nanos(self.times.iter().map(|&time| u64::from(time)).sum())
    }

    pub(crate) fn longest(&self) -> Duration {
        Duration::from_nanos(self.times.iter().copied().max().unwrap_or(0).into())
    }

    /// The time that this share of the iterations does not exceed.
    fn quantile(&self, share: f64) -> Duration {
        let mut sorted = self.times.clone();
        sorted.sort_unstable();
        let index = ((sorted.len() as f64 * share) as usize).min(sorted.len().saturating_sub(1));
        Duration::from_nanos(sorted.get(index).copied().unwrap_or(0).into())
    }

    /// How many iterations took up to each power of the square root of 2, in microseconds; without empty bins.
    fn histogram(&self) -> Vec<(f64, usize)> {
        let bin = |time: u32| ((f64::from(time.max(1)) / 1e3).log2() * 2.0).ceil() as i32;
        let mut counts = std::collections::BTreeMap::new();
        for &time in &self.times {
            *counts.entry(bin(time)).or_insert(0) += 1;
        }
        counts.into_iter().map(|(bin, count)| (2f64.powf(f64::from(bin) / 2.0), count)).collect()
    }
}

/// What one run has shown.
pub(crate) struct Report {
    pub(crate) collector: CollectorKind,
    pub(crate) form: String,
    /// Processor time of the VM's thread in all iterations.
    pub(crate) mutate_cpu: Duration,
    /// How much time the VM's thread spent on collection; measured on the wall's clock, which is quickly read.
    pub(crate) collection: Duration,
    pub(crate) process_cpu: Duration,
    pub(crate) wall: Duration,
    pub(crate) wall_of_iterations: Duration,
    pub(crate) longest_wall: Duration,
    pub(crate) longest: Longest,
    pub(crate) iterations: Distribution,
    pub(crate) sweep_wait: Duration,
    /// A full collection afterwards.
    pub(crate) full: Duration,
    pub(crate) peak: u64,
    pub(crate) live: u64,
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn microseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

impl Report {
    /// The share of the VM's thread that collection took. Both times are of the wall's clock: where the thread is
    /// interrupted by others, both grow alike.
    fn share(&self) -> f64 {
        self.collection.as_secs_f64() / self.wall_of_iterations.as_secs_f64().max(1e-9)
    }

    /// One line of JSON.
    pub(crate) fn json(&self) -> String {
        let fields = [
            ("mutate_cpu_s", self.mutate_cpu.as_secs_f64()),
            ("mutator_share", self.share()),
            ("process_cpu_s", self.process_cpu.as_secs_f64()),
            ("wall_s", self.wall.as_secs_f64()),
            ("p50_us", microseconds(self.iterations.quantile(0.5))),
            ("p999_us", microseconds(self.iterations.quantile(0.999))),
            ("max_pause_ms", milliseconds(self.iterations.longest())),
            ("max_pause_wall_ms", milliseconds(self.longest_wall)),
            ("max_collecting_ms", milliseconds(self.longest.collecting)),
            ("max_idle_ms", milliseconds(self.longest.idle)),
            ("sweep_wait_us", microseconds(self.sweep_wait)),
            ("full_s", self.full.as_secs_f64()),
            ("peak_mb", self.peak as f64 / 1e6),
            ("live_mb", self.live as f64 / 1e6),
        ];
        let mut line = format!("{{\"collector\":\"{}\",\"form\":\"{}\"", options::name(self.collector), self.form);
        for (name, value) in fields {
            line += &format!(",\"{name}\":{value:.4}");
        }
        let bins: Vec<String> = self.iterations.histogram().iter().map(|(most, count)| format!("[{most:.3},{count}]")).collect();
        line + &format!(",\"histogram_us\":[{}]}}", bins.join(","))
    }

    /// A few lines to read.
    pub(crate) fn text(&self) -> String {
        format!(
            "{} ({})\n  processor {:.2} s (process {:.2}), {:.1}% in collection; wall {:.2} s\n  \
             iteration: median {:.1} us, 99.9% {:.1} us, longest {:.2} ms (wall {:.2}; while no collection went on {:.2}); full collection {:.3} s\n  \
             memory: peak {:.1} MB, live {:.1} MB ({:.2})",
            options::name(self.collector),
            self.form,
            self.mutate_cpu.as_secs_f64(),
            self.process_cpu.as_secs_f64(),
            self.share() * 100.0,
            self.wall.as_secs_f64(),
            microseconds(self.iterations.quantile(0.5)),
            microseconds(self.iterations.quantile(0.999)),
            milliseconds(self.iterations.longest()),
            milliseconds(self.longest_wall),
            milliseconds(self.longest.idle),
            self.full.as_secs_f64(),
            self.peak as f64 / 1e6,
            self.live as f64 / 1e6,
            self.peak as f64 / self.live.max(1) as f64,
        )
    }
}
