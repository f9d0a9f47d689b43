# The peers' steps of setup.sh, which sources this file: the Python programs that tests and `make bench` hold ours against, each set
# in an environment of its own, since their requirements would hold each other back.

# setup_peers brings those that `make test` needs, and links the others where `make bench` brought them before.
setup_peers() {
    local did=there name
    peer_environment tracker
    peer_environment mlflow2
    for name in study mlflow; do
        ! peer_whole "$name" || peer_environment "$name"
    done
    echo "$did" >&3
}

# setup_bench_peers brings those with torch and with MLflow's server: minutes and gigabytes the first time.
setup_bench_peers() {
    local did=there
    peer_environment study
    peer_environment mlflow
    echo "$did" >&3
}

# peer_folder NAME prints where an environment lies. Other pins make another, so that clones at different commits do not disturb
# each other.
peer_folder() { echo "$cache/peers-$1-$(sha256sum "$root/peers/$1.txt" | cut -c 1-12)"; }

# peer_whole NAME: an environment cannot be moved once it is made; it counts as whole when it holds a copy of its pins.
peer_whole() {
    local folder
    folder=$(peer_folder "$1")
    cmp --silent "$root/peers/$1.txt" "$folder/pins.txt" && "$folder/bin/python" -c 'import pip'
}

# peer_environment NAME makes one and links it into .build.
peer_environment() {
    local pins=$root/peers/$1.txt folder
    folder=$(peer_folder "$1")
    ln -sfn "$folder" "$build/peers-$1"
    ! peer_whole "$1" || return 0
    did=installed
    "$folder/bin/python" -m pip --version || "$(peer_python)" -m venv --clear "$folder"
    # rouge_score comes as source only.
    "$folder/bin/python" -m pip install --disable-pip-version-check --only-binary=:all: --no-binary=rouge_score --requirement "$pins"
    cp "$pins" "$folder/pins.txt.part"
    mv "$folder/pins.txt.part" "$folder/pins.txt"
}

# peer_python prints the study's Python where it is there.
peer_python() { command -v python3.11 || command -v python3; }
