# The tracker's steps of setup.sh, which sources this file: the Python programs whose files and protocols it reads, writes
# and speaks, for its tests. They are in environments of their own, since two versions of MLflow are among them.

# setup_tracker_peers installs them and links them into .build. An environment counts as whole when it holds a copy of its pins.
setup_tracker_peers() {
    local did=there
    tracker_environment tracker-peers "$root/tracker/peers/requirements.txt"
    tracker_environment tracker-peers-mlflow2 "$root/tracker/peers/requirements-mlflow2.txt"
    echo "$did" >&3
}

# tracker_environment NAME PINS makes one. Other pins make another, so that clones at different commits do not disturb each other.
tracker_environment() {
    local pins=$2 folder
    folder=$cache/$1-$(sha256sum "$2" | cut -c 1-12)
    ln -sfn "$folder" "$build/$1"
    if cmp --silent "$pins" "$folder/pins.txt" && "$folder/bin/python" -c 'import pip'; then
        return
    fi
    did=installed
    "$folder/bin/python" -m pip --version || "$(tracker_python)" -m venv --clear "$folder"
    "$folder/bin/python" -m pip install --disable-pip-version-check --only-binary=:all: --requirement "$pins"
    cp "$pins" "$folder/pins.txt.part"
    mv "$folder/pins.txt.part" "$folder/pins.txt"
}

# tracker_python prints the study's Python where it is there.
tracker_python() { command -v python3.11 || command -v python3; }
