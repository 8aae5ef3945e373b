//! Command-line arguments of a task.

use std::str::FromStr;

use crate::task::Result;

/// The words after the task's name, taken out one option at a time.
///
/// A task asks for the options it knows, in any order, and then calls
/// [`Arguments::finish`], which refuses whatever nobody asked for.
pub(crate) struct Arguments {
    words: Vec<String>,
}

impl Arguments {
    pub(crate) fn new(words: impl Iterator<Item = String>) -> Arguments {
        Arguments { words: words.collect() }
    }

    /// Whether `--help` was given; prints `usage` if so.
    pub(crate) fn help(&mut self, usage: &str) -> bool {
        let asked = self.flag("--help") | self.flag("-h");
        if asked {
            println!("{usage}");
        }
        asked
    }

    /// Takes out the first word if it is `name`: one kind of a task.
    pub(crate) fn command(&mut self, name: &str) -> bool {
        let asked = self.words.first().is_some_and(|word| word == name);
        if asked {
            self.words.remove(0);
        }
        asked
    }

    /// Takes out an option without a value.
    pub(crate) fn flag(&mut self, name: &str) -> bool {
        let before = self.words.len();
        self.words.retain(|word| word != name);
        self.words.len() < before
    }

    /// Takes out every `name VALUE` and `name=VALUE`, in order.
    ///
    /// # Errors
    ///
    /// If the option comes last, without its value.
    pub(crate) fn values(&mut self, name: &str) -> Result<Vec<String>> {
        let (mut found, mut kept) = (Vec::new(), Vec::new());
        let mut words = std::mem::take(&mut self.words).into_iter();
        while let Some(word) = words.next() {
            if word == name {
                found.push(words.next().ok_or_else(|| format!("{name} needs a value"))?);
            } else if let Some(value) = word.strip_prefix(name).and_then(|rest| rest.strip_prefix('=')) {
                found.push(value.to_owned());
            } else {
                kept.push(word);
            }
        }
        self.words = kept;
        Ok(found)
    }

    /// Takes out an option that may be given at most once.
    ///
    /// # Errors
    ///
    /// If it is given twice, has no value, or the value does not parse.
    pub(crate) fn value<T: FromStr>(&mut self, name: &str) -> Result<Option<T>> {
        let mut found = self.values(name)?;
        let Some(text) = found.pop() else {
            return Ok(None);
        };
        if !found.is_empty() {
            return Err(format!("{name} is given twice").into());
        }
        match text.parse() {
            Ok(value) => Ok(Some(value)),
            Err(_) => Err(format!("{name}: '{text}' is no such value").into()),
        }
    }

    /// The words that are left, none of which may look like an option.
    ///
    /// # Errors
    ///
    /// If an option is left that no one took out.
    pub(crate) fn finish(self) -> Result<Vec<String>> {
        match self.words.iter().find(|word| word.starts_with('-')) {
            Some(word) => Err(format!("unknown option '{word}' (see --help)").into()),
            None => Ok(self.words),
        }
    }

    /// As [`Arguments::finish`], for a task that takes options only.
    ///
    /// # Errors
    ///
    /// If anything is left.
    pub(crate) fn finish_empty(self) -> Result<()> {
        match self.finish()?.first() {
            Some(word) => Err(format!("unexpected argument '{word}' (see --help)").into()),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(line: &str) -> Arguments {
        Arguments::new(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn options_in_any_order() {
        let mut given = arguments("scripts --runs 5 --only=fib --looped --only tak");
        assert_eq!(given.value::<u32>("--runs").unwrap(), Some(5));
        assert_eq!(given.values("--only").unwrap(), ["fib", "tak"]);
        assert!(given.flag("--looped"));
        assert!(!given.flag("--looped"));
        assert_eq!(given.finish().unwrap(), ["scripts"]);
    }

    #[test]
    fn what_nobody_asked_for_is_refused() {
        assert!(arguments("--ruins 5").finish().is_err());
        assert!(arguments("stray").finish_empty().is_err());
        assert!(arguments("--runs").value::<u32>("--runs").is_err());
        assert!(arguments("--runs many").value::<u32>("--runs").is_err());
        assert!(arguments("--runs 1 --runs 2").value::<u32>("--runs").is_err());
    }
}
