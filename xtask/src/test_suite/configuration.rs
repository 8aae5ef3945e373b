//! The configurations in which the own corpus runs.
//!
//! lua-cli reads them from its environment: `LUA_VM_DISPATCH` chooses the
//! dispatch back end, `LUA_VM_GC` the collector (`stress` collects at every
//! safepoint of a small heap and at some of a large one, `stress-minor` young objects at some), `LUA_VM_STRESS_STACK` moves the
//! stack at every growth check, a deep one at some.

use crate::engine::Engine;
use crate::task::Result;

/// A name and the environment that it stands for.
pub(crate) struct Configuration {
    pub(crate) name: &'static str,
    pub(crate) environment: &'static [(&'static str, &'static str)],
}

/// The configuration that sets nothing; the only one for engines not ours.
pub(crate) const PLAIN: &str = "plain";

/// Every configuration, in the order in which they run.
pub(crate) const CONFIGURATIONS: [Configuration; 14] = [
    Configuration { name: "threaded", environment: &[("LUA_VM_DISPATCH", "threaded")] },
    Configuration { name: "looped", environment: &[("LUA_VM_DISPATCH", "looped")] },
    Configuration { name: "mark-sweep", environment: &[("LUA_VM_GC", "mark-sweep")] },
    Configuration { name: "incremental", environment: &[("LUA_VM_GC", "incremental")] },
    Configuration { name: "generational", environment: &[("LUA_VM_GC", "generational")] },
    Configuration { name: "gc-stress-minor", environment: &[("LUA_VM_GC", "stress-minor")] },
    Configuration { name: "gc-stress", environment: &[("LUA_VM_GC", "stress")] },
    Configuration { name: "gc-stress-looped", environment: &[("LUA_VM_GC", "stress"), ("LUA_VM_DISPATCH", "looped")] },
    Configuration { name: "concurrent", environment: &[("LUA_VM_GC", "concurrent")] },
    Configuration { name: "gc-stress-concurrent", environment: &[("LUA_VM_GC", "stress-concurrent")] },
    Configuration {
        name: "gc-stress-concurrent-looped",
        environment: &[("LUA_VM_GC", "stress-concurrent"), ("LUA_VM_DISPATCH", "looped")],
    },
    Configuration { name: "stack-stress", environment: &[("LUA_VM_STRESS_STACK", "1")] },
    Configuration { name: "stack-stress-looped", environment: &[("LUA_VM_STRESS_STACK", "1"), ("LUA_VM_DISPATCH", "looped")] },
    Configuration { name: PLAIN, environment: &[] },
];

/// The configurations of these names, or all but [`PLAIN`] if there are none.
///
/// # Errors
///
/// If there is no configuration of a name.
pub(crate) fn select(names: &[String]) -> Result<Vec<&'static Configuration>> {
    if names.is_empty() {
        return Ok(CONFIGURATIONS.iter().filter(|configuration| configuration.name != PLAIN).collect());
    }
    let find = |name: &String| {
        let known = || CONFIGURATIONS.map(|configuration| configuration.name).join(", ");
        CONFIGURATIONS
            .iter()
            .find(|configuration| configuration.name == *name)
            .ok_or_else(|| format!("no configuration '{name}'; there are {}", known()).into())
    };
    names.iter().map(find).collect()
}

impl Configuration {
    /// `engine` in this configuration.
    pub(crate) fn apply(&self, engine: &Engine) -> Engine {
        engine.with_environment(&engine.name, self.environment)
    }
}
