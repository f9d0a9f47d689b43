# The Jupyter steps of setup.sh, which sources this file: the clients that the kernel is tested with and that `make lab` opens, in a
# Python environment of their own, and the browser that the tests look through.

# Other pins make another environment, so that clones at different commits do not disturb each other.
jupyter_pins=$root/kernel/jupyter/requirements.txt
jupyter=$cache/jupyter-$(sha256sum "$jupyter_pins" | cut -c 1-12)

# An environment cannot be moved once it is made: it counts as whole when it holds a copy of its pins. One whose Python was
# replaced finds its packages no more, and is made anew.
setup_jupyter() {
    if cmp --silent "$jupyter_pins" "$jupyter/pins.txt" && "$jupyter/bin/python" -c 'import jupyter_core'; then
        echo "there" >&3
        return
    fi
    "$jupyter/bin/python" -m pip --version || python3 -m venv --clear "$jupyter"
    "$jupyter/bin/python" -m pip install --disable-pip-version-check --only-binary=:all: --requirement "$jupyter_pins"
    cp "$jupyter_pins" "$jupyter/pins.txt.part"
    mv "$jupyter/pins.txt.part" "$jupyter/pins.txt"
    echo "installed" >&3
}

# Only tests need the browser, and they say so where they skip: its absence fails nothing here.
setup_chromium() {
    if command -v chromium; then
        echo "there" >&3
    elif apt_install chromium fonts-liberation; then
        echo "installed" >&3
    else
        echo "missing; bring it with: sudo apt-get install chromium fonts-liberation" >&3
    fi
}
