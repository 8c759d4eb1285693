//! Data folders that cannot be used.

use std::fs;

use crate::desk::{Desk, assert_speaks};

#[test]
fn a_file_in_place_of_the_data_folder_is_told() {
    for language in ["ja", "en"] {
        let desk = Desk::speaking(language);
        fs::write(desk.data(), "not a folder").unwrap();
        for command in [&["devices"][..], &["import", "--demo"], &["audit", "verify"]] {
            let ran = desk.run(command);
            assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""), "{command:?}");
            assert!(ran.stderr.contains(desk.data().to_str().unwrap()), "{}", ran.stderr);
            assert_speaks(language, &ran.stderr);
        }
        assert_eq!(fs::read_to_string(desk.data()).unwrap(), "not a folder");
    }
}

#[test]
fn another_programs_file_in_the_data_folder_is_left_alone() {
    for language in ["ja", "en"] {
        let desk = Desk::speaking(language);
        fs::create_dir(desk.data()).unwrap();
        let file = desk.data().join("mimawari.sqlite3");
        let foreign = "これはデータベースではありません。\n".repeat(100);
        fs::write(&file, &foreign).unwrap();
        let ran = desk.run(&["devices"]);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""), "{}", ran.stderr);
        assert_speaks(language, &ran.stderr);
        assert_eq!(fs::read_to_string(&file).unwrap(), foreign);
    }
}

#[test]
fn a_folder_in_place_of_the_database_is_told() {
    let desk = Desk::new();
    fs::create_dir_all(desk.data().join("mimawari.sqlite3")).unwrap();
    let ran = desk.run(&["devices"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""), "{}", ran.stderr);
    assert_speaks("ja", &ran.stderr);
}

/// Where the tests run as an administrator, permissions bind nobody and there is nothing to test.
#[cfg(unix)]
#[test]
fn a_data_folder_that_cannot_be_written_to_is_told() {
    use std::os::unix::fs::PermissionsExt as _;

    let desk = Desk::with_demo("ja");
    let mode = |folder: u32, file: u32| {
        for entry in fs::read_dir(desk.data()).unwrap() {
            fs::set_permissions(entry.unwrap().path(), fs::Permissions::from_mode(file)).unwrap();
        }
        fs::set_permissions(desk.data(), fs::Permissions::from_mode(folder)).unwrap();
    };
    mode(0o555, 0o444);
    if fs::write(desk.data().join("probe"), "").is_err() {
        let ran = desk.run(&["import", "--demo"]);
        assert_eq!(ran.code, Some(1), "{ran:?}");
        assert_speaks("ja", &ran.stderr);
    }
    mode(0o755, 0o644);
    let _ = fs::remove_file(desk.data().join("probe"));
    desk.assert_whole();
}
