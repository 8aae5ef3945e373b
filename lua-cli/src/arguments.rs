//! What the command line asks for.

/// The words of the command line, the program's name first. Lua strings are bytes.
pub(crate) fn words() -> Vec<Vec<u8>> {
    std::env::args_os().map(|word| word.into_encoded_bytes()).collect()
}

/// The name under which the program was called, for messages.
pub(crate) fn program(words: &[Vec<u8>]) -> &[u8] {
    match words.first() {
        Some(name) if !name.is_empty() => name,
        _ => b"lua-cli",
    }
}

/// What to do.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Request {
    /// Run Lua.
    Run(Options),
    /// Look at code.
    Tool(Tool),
    /// `--help`.
    Help,
    /// This option is unknown, or lacks its argument.
    Bad(Vec<u8>),
}

/// Something that options ask for while they are handled from left to right.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// `-e stat`
    Execute(Vec<u8>),
    /// `-l mod` or `-l g=mod`
    Require(Vec<u8>),
    /// `-W`
    Warnings,
}

/// How Lua is to be run.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Options {
    /// In their order.
    pub(crate) steps: Vec<Step>,
    /// `-i`
    pub(crate) interactive: bool,
    /// `-v`, or `-i`
    pub(crate) version: bool,
    /// `-E`
    pub(crate) no_environment: bool,
    /// Where the script's name stands among the words; its arguments follow.
    pub(crate) script: Option<usize>,
    /// The script is standard input.
    pub(crate) script_is_input: bool,
}

impl Options {
    /// Whether there was something to do besides a script.
    pub(crate) fn has_work(&self) -> bool {
        let executes = |step: &Step| matches!(step, Step::Execute(_));
        self.version || self.steps.iter().any(executes)
    }
}

/// A tool that does not run code.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Tool {
    /// `--list FILE...`
    List(Vec<Vec<u8>>),
    /// `--check FILE...`
    Check(Vec<Vec<u8>>),
    /// `--dump OUT [--strip] FILE`
    Dump { out: Vec<u8>, strip: bool, file: Vec<u8> },
}

/// Understands the command line.
pub(crate) fn parse(words: &[Vec<u8>]) -> Request {
    let rest = words.get(2..).unwrap_or_default();
    match words.get(1).map(Vec::as_slice) {
        Some(b"--help") => Request::Help,
        Some(option @ (b"--list" | b"--check")) if rest.is_empty() => Request::Bad(option.to_vec()),
        Some(b"--list") => Request::Tool(Tool::List(rest.to_vec())),
        Some(b"--check") => Request::Tool(Tool::Check(rest.to_vec())),
        Some(b"--dump") => dump(rest),
        _ => options(words),
    }
}

fn dump(rest: &[Vec<u8>]) -> Request {
    let is_strip = |word: &&Vec<u8>| word.as_slice() == b"--strip";
    let strip = rest.iter().any(|word| is_strip(&word));
    let names: Vec<&Vec<u8>> = rest.iter().filter(|word| !is_strip(word)).collect();
    match names[..] {
        [out, file] => Request::Tool(Tool::Dump { out: out.clone(), strip, file: file.clone() }),
        _ => Request::Bad(b"--dump".to_vec()),
    }
}

fn options(words: &[Vec<u8>]) -> Request {
    let mut options = Options::default();
    let mut at = 1;
    while let Some(word) = words.get(at) {
        let (kind, extra) = match word.as_slice() {
            [b'-', kind, extra @ ..] => (*kind, extra),
            [b'-'] => {
                options.script = Some(at);
                options.script_is_input = true;
                return Request::Run(options);
            }
            _ => {
                options.script = Some(at);
                return Request::Run(options);
            }
        };
        match (kind, extra) {
            (b'-', b"") => {
                options.script = (at + 1 < words.len()).then_some(at + 1);
                return Request::Run(options);
            }
            (b'E', b"") => options.no_environment = true,
            (b'W', b"") => options.steps.push(Step::Warnings),
            (b'v', b"") => options.version = true,
            (b'i', b"") => {
                options.interactive = true;
                options.version = true;
            }
            (b'e' | b'l', _) => {
                let argument = if extra.is_empty() {
                    at += 1;
                    match words.get(at) {
                        Some(next) if next.first() != Some(&b'-') => next.clone(),
                        _ => return Request::Bad(word.clone()),
                    }
                } else {
                    extra.to_vec()
                };
                options.steps.push(match kind {
                    b'e' => Step::Execute(argument),
                    _ => Step::Require(argument),
                });
            }
            _ => return Request::Bad(word.clone()),
        }
        at += 1;
    }
    Request::Run(options)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expected: Request) {
        let words: Vec<Vec<u8>> = format!("lua-cli {line}").split_whitespace().map(|word| word.as_bytes().to_vec()).collect();
        assert_eq!(parse(&words), expected, "{line}");
    }

    fn bad(option: &str) -> Request {
        Request::Bad(option.as_bytes().to_vec())
    }

    #[test]
    fn options_end_at_the_script() {
        let script = |at, version| Request::Run(Options { script: Some(at), version, ..Options::default() });
        check("a.lua -v", script(1, false));
        check("-v a.lua -i", script(2, true));
        check("-v -- -i", script(3, true));
        check("--", Request::Run(Options::default()));
    }

    #[test]
    fn a_dash_is_standard_input_unless_options_have_ended() {
        let script = |at, script_is_input| Request::Run(Options { script: Some(at), script_is_input, ..Options::default() });
        check("- -h", script(1, true));
        check("-- -", script(2, false));
    }

    #[test]
    fn steps_keep_their_order() {
        check(
            "-ea=1 -l b -W -e c",
            Request::Run(Options {
                steps: vec![Step::Execute(b"a=1".to_vec()), Step::Require(b"b".to_vec()), Step::Warnings, Step::Execute(b"c".to_vec())],
                ..Options::default()
            }),
        );
    }

    #[test]
    fn bad_options_are_named() {
        for option in ["-h", "---", "-Ex", "-vv", "-iv", "-e", "-l", "--check"] {
            check(option, bad(option));
        }
        check("-e -v", bad("-e"));
        check("--dump out", bad("--dump"));
    }

    #[test]
    fn tools_take_files() {
        check("--dump --strip out in", Request::Tool(Tool::Dump { out: b"out".to_vec(), strip: true, file: b"in".to_vec() }));
        check("--list a", Request::Tool(Tool::List(vec![b"a".to_vec()])));
    }
}
