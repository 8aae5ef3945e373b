//! The dependencies between the crates of the workspace.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::task::Result;
use crate::workspace;

/// What a crate may use: in its code, and in its tests, examples and benches.
struct Allowed {
    name: &'static str,
    uses: &'static [&'static str],
    tests_use: &'static [&'static str],
}

/// The one place that declares the edges. A crate that is not listed here is a
/// problem, so that a new one is given its place.
const ALLOWED: [Allowed; 8] = [
    Allowed { name: "lua-lex", uses: &[], tests_use: &[] },
    Allowed { name: "lua-proto", uses: &[], tests_use: &[] },
    Allowed { name: "lua-gc", uses: &[], tests_use: &[] },
    Allowed { name: "lua-parse", uses: &["lua-lex", "lua-proto"], tests_use: &[] },
    // Tests need a compiler, and cargo allows the circle for tests only.
    Allowed { name: "lua-vm", uses: &["lua-proto", "lua-gc"], tests_use: &["lua-parse", "lua-std"] },
    Allowed { name: "lua-std", uses: &["lua-vm", "lua-proto"], tests_use: &["lua-parse", "lua-gc"] },
    Allowed { name: "lua-cli", uses: &["lua-lex", "lua-parse", "lua-proto", "lua-gc", "lua-vm", "lua-std"], tests_use: &[] },
    // Drives cargo and links nothing of the engine.
    Allowed { name: "xtask", uses: &[], tests_use: &[] },
];

/// Every edge that is not allowed.
pub(super) fn check() -> Result<Vec<String>> {
    Ok(problems(&workspace::metadata()?))
}

fn problems(metadata: &Value) -> Vec<String> {
    let empty = Vec::new();
    let packages = metadata["packages"].as_array().unwrap_or(&empty);
    let members: BTreeSet<&str> = packages.iter().filter_map(|package| package["name"].as_str()).collect();
    let mut problems = Vec::new();
    if members.is_empty() {
        problems.push("the workspace has no members".to_owned());
    }
    for package in packages {
        let name = package["name"].as_str().unwrap_or_default();
        let Some(allowed) = ALLOWED.iter().find(|allowed| allowed.name == name) else {
            problems.push(format!("{name} has no place among the allowed edges"));
            continue;
        };
        for dependency in package["dependencies"].as_array().unwrap_or(&empty) {
            let target = dependency["name"].as_str().unwrap_or_default();
            // "dev", "build", or null for a normal dependency.
            let for_tests = dependency["kind"].as_str() == Some("dev");
            let permitted = allowed.uses.contains(&target) || for_tests && allowed.tests_use.contains(&target);
            if members.contains(target) && !permitted {
                let place = if for_tests { " in tests" } else { "" };
                problems.push(format!("{name} must not depend on {target}{place}"));
            }
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_declared_edges_pass() {
        let package = |name: &str, dependencies: Value| json!({ "name": name, "dependencies": dependencies });
        let metadata = json!({ "packages": [
            package("lua-parse", json!([{ "name": "lua-lex", "kind": null }, { "name": "smallvec", "kind": null }])),
            package("lua-lex", json!([])),
            package("lua-vm", json!([{ "name": "lua-parse", "kind": "dev" }])),
        ] });
        assert_eq!(problems(&metadata), Vec::<String>::new());

        let metadata = json!({ "packages": [
            package("lua-parse", json!([])),
            package("lua-vm", json!([{ "name": "lua-parse", "kind": null }])),
            package("newcomer", json!([])),
        ] });
        assert_eq!(problems(&metadata).len(), 2);
        assert_eq!(problems(&json!({})).len(), 1);
    }
}
