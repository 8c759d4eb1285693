//! Logs of terminal sessions: what a screen left between the lines, and which commands were given.

use std::borrow::Cow;

use crate::reader::Head;
use crate::text;

/// What network devices write at the end of a page.
const PAGER_MARKS: [&str; 6] = [
    "--More or (q)uit--",
    "--More--",
    "-- More --",
    "---more---",
    "---つづく---",
    "-- MORE --, next page: Space, next line: Enter, quit: Control-C",
];

/// Words that begin commands which only prepare the session.
const PREPARING: [&str; 14] = [
    "administrator",
    "config",
    "console",
    "disable",
    "edit",
    "en",
    "enable",
    "end",
    "exit",
    "logout",
    "no",
    "quit",
    "term",
    "terminal",
];

/// What other commands of the same devices begin their answers with, in lower case.
const OTHER_ANSWERS: [&str; 16] = [
    "capability codes:",
    "chassis id:",
    "cisco ios",
    "codes:",
    "destination address",
    "device id",
    "dhcp scope",
    "interface ",
    "mac address table",
    "mac-address-table",
    "port ",
    "routing table",
    "system image file",
    "version:",
    "vlan ",
    "building configuration",
];

/// The line as a screen showed it last: without colours and pager marks, and with backspaces carried out.
pub(crate) fn clean(line: &str) -> Cow<'_, str> {
    let has_marks =
        line.contains(['\u{8}', '\u{1b}', '\u{7}']) || line.trim_start().starts_with('-');
    if !has_marks {
        return Cow::Borrowed(line);
    }
    let shown = on_screen(line);
    let mut rest = shown.trim_start();
    while let Some(after) = PAGER_MARKS.iter().find_map(|mark| rest.strip_prefix(mark)) {
        rest = after.trim_start();
    }
    Cow::Owned(rest.to_owned())
}

/// Carries out backspaces, which move the cursor to the left, and leaves out control sequences (ECMA-48, clause 5.4).
fn on_screen(line: &str) -> String {
    let mut screen: Vec<char> = Vec::new();
    let mut cursor = 0usize;
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\u{8}' => cursor = cursor.saturating_sub(1),
            '\u{1b}' if letters.as_str().starts_with('[') => {
                // Up to and with the letter that ends the sequence.
                letters.by_ref().skip(1).find(|c| matches!(c, '\u{40}'..='\u{7e}'));
            }
            '\u{1b}' | '\u{7}' => {}
            _ => {
                match screen.get_mut(cursor) {
                    Some(place) => *place = letter,
                    None => screen.push(letter),
                }
                cursor += 1;
            }
        }
    }
    screen.into_iter().collect()
}

/// The host whose prompt the line begins with, and the command after it; the host is empty where the prompt does not name one.
///
/// `HOST(config-if)#`, `HOST (root) #` and `user@HOST>` are prompts of `HOST`.
pub(crate) fn prompt(line: &str) -> Option<(&str, &str)> {
    let command = command(line)?;
    let line = line.trim();
    let host = line.get(..line.find(['#', '>', '$'])?)?;
    let host = host.split('(').next().unwrap_or_default().trim();
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    (!host.contains(' ')).then_some((host, command))
}

/// The command after a prompt (`HOST#`, `HOST>`, `HOST (root) #`, `user@host:~$`, `#`), empty where none was given; none where the line is no prompt.
pub(crate) fn command(line: &str) -> Option<&str> {
    let line = line.trim();
    let (host, rest) = line.split_at(line.find(['#', '>', '$'])?);
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.@:/~()[]+ ".contains(c);
    let is_prompt =
        host.len() <= 64 && host.split_whitespace().count() <= 2 && host.chars().all(plain);
    is_prompt.then(|| rest.get(1..).unwrap_or_default().trim())
}

/// Whether a line shows that something else than `subject` (`arp`, `dhcp`) was asked of the device.
pub(crate) fn is_foreign(line: &str, subject: &str) -> bool {
    let Some(command) = command(line) else {
        let line = line.trim_start().to_lowercase();
        return OTHER_ANSWERS.iter().any(|start| line.starts_with(start));
    };
    let mut words = command.split_whitespace().map(str::to_ascii_lowercase);
    let Some(first) = words.next() else { return false };
    let is_own = first.starts_with(subject) || words.any(|word| word.starts_with(subject));
    !is_own && !PREPARING.contains(&first.as_str())
}

/// Whether the beginning of a text holds the answers to other commands too: such a log is no list.
pub(crate) fn is_mixed(head: &Head<'_>, subject: &str, is_own: impl Fn(&str) -> bool) -> bool {
    text::lines(head.text).any(|line| {
        let shown = clean(line.text);
        !is_own(&shown) && is_foreign(&shown, subject)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_reads_as_the_screen_showed_it() {
        for (written, shown) in [
            ("Internet  192.0.2.1", "Internet  192.0.2.1"),
            (
                " --More-- \u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}          \u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}Internet  192.0.2.1",
                "Internet  192.0.2.1",
            ),
            ("--More--Internet", "Internet"),
            ("--More-- --More--", ""),
            ("\u{1b}[24;1H\u{1b}[KCORE#sh\u{7} ipp\u{8} \u{8} arp", "CORE#sh ip arp"),
            ("  --------------- ----", "--------------- ----"),
            ("\u{8}\u{1b}[", ""),
        ] {
            assert_eq!(clean(written), shown, "{written:?}");
        }
    }

    #[test]
    fn prompts_are_told_from_rows() {
        for (line, given) in [
            ("CORE-SW1#show ip arp", Some("show ip arp")),
            ("FGT60F (root) # get system arp", Some("get system arp")),
            ("user@pc:~$ sudo arp-scan -l", Some("sudo arp-scan -l")),
            ("# ", Some("")),
            ("ACC-SW01>", Some("")),
            ("LAN1(port1)     192.0.2.2        00:1b:21:00:00:02  1157", None),
            ("one two three # four", None),
            ("受付# x", None),
        ] {
            assert_eq!(command(line), given, "{line}");
        }
    }

    #[test]
    fn other_commands_and_their_answers_are_foreign() {
        for line in [
            "SW#show version",
            "# show config",
            "          Mac Address Table",
            "Version: FortiGate",
        ] {
            assert!(is_foreign(line, "arp"), "{line}");
        }
        for line in [
            "SW#sh ip arp vlan 10",
            "SW#terminal length 0",
            "SW#",
            "192.0.2.1 x",
            "SW(config)#exit",
        ] {
            assert!(!is_foreign(line, "arp"), "{line}");
        }
    }
}
