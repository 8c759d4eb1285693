//! Lines that a screen wrapped in two because they were wider than it.

/// How wide screens usually are.
const USUAL: [usize; 2] = [80, 132];

/// No screen is narrower.
const NARROWEST: usize = 80;

/// No screen is wider: what is wider was wrapped by nobody.
const WIDEST: usize = 400;

/// Lines as wide as the widest that differ, from which on a screen of that width is seen to have wrapped them.
const SEVERAL: usize = 2;

/// Words with which a command begins: a line that begins with one is no rest of the line before.
const COMMANDS: [&str; 56] = [
    "aaa",
    "access-list",
    "administrator",
    "archive",
    "arp",
    "auth",
    "banner",
    "boot",
    "bridge",
    "clock",
    "config",
    "console",
    "crypto",
    "description",
    "dhcp",
    "dns",
    "edit",
    "enable",
    "end",
    "event",
    "exit",
    "hostname",
    "httpd",
    "interface",
    "ip",
    "ipsec",
    "ipv6",
    "kron",
    "lan-type",
    "line",
    "lldp",
    "logging",
    "login",
    "nat",
    "next",
    "no",
    "ntp",
    "ntpdate",
    "pp",
    "radius-server",
    "route-map",
    "router",
    "schedule",
    "service",
    "set",
    "show",
    "snmp",
    "snmp-server",
    "spanning-tree",
    "sshd",
    "syslog",
    "tacacs-server",
    "tunnel",
    "unset",
    "username",
    "vlan",
];

/// The screen on which a text was shown, as far as its lines tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Screen {
    /// How wide it is, where that is not one of the usual widths.
    own: Option<usize>,
}

impl Screen {
    /// The screen of a text: where several lines are as wide as the widest, it wrapped them.
    pub(super) fn of(body: &str) -> Self {
        let (mut widest, mut lines) = (0, Vec::new());
        for line in crate::text::lines(body) {
            // A line of the widest screen has no more bytes than this.
            let wide = if line.text.len() > 4 * WIDEST { WIDEST + 1 } else { width(line.text) };
            if wide > widest {
                (widest, lines) = (wide, Vec::new());
            }
            // The same command twice is no sign of a screen.
            if wide == widest && lines.len() < SEVERAL && !lines.contains(&line.text) {
                lines.push(line.text);
            }
        }
        let is_screen = (NARROWEST..=WIDEST).contains(&widest) && lines.len() >= SEVERAL;
        let own = Some(widest).filter(|wide| is_screen && !USUAL.contains(wide));
        Self { own }
    }

    /// Whether it may have wrapped the line: the line is as wide, but for a space at its end.
    pub(super) fn wraps(self, line: &str) -> bool {
        self.wide(line).is_some()
    }

    /// The line as the next one goes on from it, where the screen may have wrapped it.
    pub(super) fn joint(self, line: &str) -> Option<String> {
        let missing = self.wide(line)? - width(line);
        Some(format!("{line}{}", " ".repeat(missing)))
    }

    fn wide(self, line: &str) -> Option<usize> {
        if line.len() > 4 * WIDEST {
            return None;
        }
        let width = width(line);
        let mut screens = USUAL.into_iter().chain(self.own);
        screens.find(|wide| width == *wide || width + 1 == *wide)
    }
}

/// Whether a line begins a command of its own: it is indented, or begins with a command's word, a remark or a prompt.
pub(super) fn begins_anew(line: &str) -> bool {
    line.starts_with([' ', '\t']) || is_command(line)
}

/// The same of a line that may be indented because the screen wrapped before a space.
pub(super) fn is_command(line: &str) -> bool {
    let first = line.split_whitespace().next().unwrap_or_default();
    first.is_empty()
        || first.starts_with(['!', '#'])
        || COMMANDS.contains(&first)
        || crate::terminal::prompt(line).is_some_and(|(_, command)| {
            COMMANDS.contains(&command.split(' ').next().unwrap_or_default())
        })
}

fn width(line: &str) -> usize {
    line.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_screen_is_known_by_several_lines_of_its_width() {
        let full = "x".repeat(100);
        let several = format!("{full}\na\n{}y\nb\n", "x".repeat(99));
        let one = format!("{full}\na\n{full}\n");
        assert_eq!(Screen::of(&several), Screen { own: Some(100) });
        assert_eq!(Screen::of(&one), Screen::default());
        assert_eq!(Screen::of(&format!("{several}{}\n", "x".repeat(101))), Screen::default());
        assert!(Screen::of(&several).wraps(&"x".repeat(99)));
        assert!(!Screen::default().wraps(&full) && Screen::default().wraps(&"x".repeat(132)));
    }

    #[test]
    fn commands_remarks_and_prompts_are_no_rest_of_a_line() {
        for line in [" x", "!", "# x", "interface Vlan1", "", "SW1#show arp", "SW1> exit"] {
            assert!(begins_anew(line), "{line}");
        }
        for line in ["abc", "Rest of it address 192.0.2.1", "ab#cd", "interfaces", "x>y", "ab#"] {
            assert!(!begins_anew(line), "{line}");
        }
    }
}
