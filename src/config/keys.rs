//! `[keys]`: which keys the user wants for which action. Nothing here is an error: what cannot be
//! followed is told with its place, and the rest counts.

use toml_edit::{Item, TableLike};

use super::Origin;
use super::file::{Places, nearest};
use crate::domain::Clean;
use crate::keymap::{Action, Chord, Context, Keymap, Wish};

impl Places<'_> {
    /// The keys in use by what stands in `[keys]`.
    pub(super) fn keys(&self, item: &Item, place: &Origin, warnings: &mut Vec<String>) -> Keymap {
        let mut wishes = Vec::new();
        let mut places = Vec::new();
        let mut take = |found: Vec<(Wish, Origin)>| {
            for (wish, place) in found {
                wishes.push(wish);
                places.push(place);
            }
        };
        let Some(table) = item.as_table_like() else {
            warnings.push(format!(
                "{place}: `keys` must be a table: `[keys]`, and below it for example `rename = \"e\"`"
            ));
            return Keymap::default();
        };
        for (name, item) in table.iter() {
            let context = Context::ALL.into_iter().find(|c| c.name() == name);
            match (context, item.as_table_like()) {
                (Some(context), Some(inner)) => {
                    for (name, item) in inner.iter() {
                        take(self.wish(inner, name, item, Some(context), warnings));
                    }
                }
                (_, _) => take(self.wish(table, name, item, None, warnings)),
            }
        }
        let (keymap, remarks) = Keymap::with(&wishes);
        let told = remarks.into_iter().filter_map(|(n, remark)| {
            let place = places.get(n)?;
            Some(format!("{place}: {remark}"))
        });
        warnings.extend(told);
        keymap
    }

    /// One line: the keys of an action. Those that are none are told and left out.
    fn wish(
        &self,
        table: &dyn TableLike,
        name: &str,
        item: &Item,
        context: Option<Context>,
        warnings: &mut Vec<String>,
    ) -> Vec<(Wish, Origin)> {
        let place = self.of_key(table, name);
        let Some(action) = Action::ALL.iter().copied().find(|a| a.name() == name) else {
            let names = Action::ALL.iter().map(|action| action.name().to_owned());
            let known: Vec<String> = names.chain(Context::ALL.map(Context::name)).collect();
            let meant = nearest(name, known.iter().map(String::as_str));
            let advice = meant.map_or_else(
                || "`wavedeck keys --list` names them all".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            let name = Clean::new(name);
            warnings.push(format!("{place}: no action is called `{name}`; {advice}"));
            return Vec::new();
        };
        let texts: Option<Vec<(&str, Origin)>> = match (item.as_str(), item.as_array()) {
            (Some(text), _) => Some(vec![(text, self.at(item.span()))]),
            (None, Some(array)) => array
                .iter()
                .map(|value| Some((value.as_str()?, self.at(value.span()))))
                .collect(),
            (None, None) => None,
        };
        let Some(texts) = texts else {
            warnings.push(format!(
                "{place}: `{name}` must be a key in quotes, or several in `[ ]`; its own keys are used"
            ));
            return Vec::new();
        };
        let mut chords: Vec<Chord> = Vec::new();
        let mut is_wrong = false;
        // An empty text, like no text at all, takes the keys away.
        for (text, place) in texts.iter().filter(|(text, _)| !text.is_empty()) {
            match text.parse() {
                Ok(chord) => chords.push(chord),
                Err(why) => {
                    is_wrong = true;
                    warnings.push(format!("{place}: `{name}`: {why}"));
                }
            }
        }
        // A slip of the pen must not leave an action without any key.
        if is_wrong && chords.is_empty() {
            return Vec::new();
        }
        let wish = Wish {
            context,
            action,
            chords,
        };
        vec![(wish, place)]
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::file::parse;
    use super::*;

    fn read(text: &str) -> (Keymap, Vec<String>) {
        let contents = parse(Path::new("c.toml"), text).unwrap_or_else(|why| panic!("{why}"));
        (contents.keys, contents.warnings)
    }

    fn keys(keymap: &Keymap, context: Context, action: Action) -> Vec<String> {
        let keys = keymap.keys_of(context, action);
        keys.map(ToString::to_string).collect()
    }

    #[test]
    fn q28_the_file_gives_actions_their_keys_everywhere_or_in_one_pane() {
        let (keymap, warnings) = read(
            "[keys]\nrename = \"E\"\nleave = [\"ctrl+x l\", \"<F8>\"]\nredraw = \"\"\nsuspend = []\nmark = \" \"\n\
             [keys.members]\nremove = \"D\"\nrename = [\"ctrl+e\"]\n",
        );
        assert_eq!(warnings, [""; 0]);
        assert_eq!(
            keys(&keymap, Context::Groups, Action::Leave),
            ["ctrl+x l", "F8"]
        );
        assert_eq!(keys(&keymap, Context::Groups, Action::Rename), ["E"]);
        assert_eq!(keys(&keymap, Context::Members, Action::Rename), ["ctrl+e"]);
        assert_eq!(keys(&keymap, Context::Members, Action::Remove), ["D"]);
        assert_eq!(keys(&keymap, Context::Groups, Action::Mark), ["space"]);
        for action in [Action::Redraw, Action::Suspend] {
            assert!(keys(&keymap, Context::Icon, action).is_empty());
        }
    }

    #[test]
    fn q28_what_cannot_be_followed_is_told_with_line_and_column_and_the_rest_counts() {
        let (keymap, warnings) = read(
            "[keys]\nrenam = \"E\"\nleave = [\"ctrl+entr\", \"L\"]\nsort = \"hyperspace\"\nopen = 7\n\
             filter = \"ctrl+m\"\nquit = \"r\"\n[keys.member]\n[keys.icon]\nremove = \"D\"\n",
        );
        assert_eq!(
            warnings,
            [
                "c.toml:2:1: no action is called `renam`; did you mean `rename`?",
                "c.toml:3:10: `leave`: unknown key, did you mean `ctrl+enter`?",
                "c.toml:4:8: `sort`: unknown key; `wavedeck keys` shows what a key is called, for example `e`, `space`, `ctrl+x` or `F5`",
                "c.toml:5:1: `open` must be a key in quotes, or several in `[ ]`; its own keys are used",
                "c.toml:6:10: `filter`: terminals send `enter` for this key",
                "c.toml:8:7: no action is called `member`; did you mean `members`?",
                "c.toml:7:1: `r` is `quit` now, and `r` was `refresh` in every pane: `refresh` has no key there any more; give it one, or `\"\"`",
                "c.toml:10:1: `remove` does nothing in Icon, but in Members: it is left out",
            ]
        );
        assert_eq!(keys(&keymap, Context::Groups, Action::Leave), ["L"]);
        assert_eq!(keys(&keymap, Context::Groups, Action::Sort), ["s"]);
        let (keymap, warnings) = read("keys = 1\n");
        assert_eq!(keymap, Keymap::default());
        assert!(warnings[0].starts_with("c.toml:1:1: `keys` must be a table"));
    }
}
