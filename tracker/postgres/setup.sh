# The PostgreSQL step of setup.sh, which sources this file: the server that the tests start. A PyPI package carries it,
# with the extension pgvector; Debian's has none.

postgres=$cache/postgres-16.2

setup_postgres() {
    if [[ -d $postgres ]]; then
        echo "there" >&3
        return
    fi
    local package part=$postgres.part
    rm -rf "$part"
    package=$(wheel pgserver 0.1.4 d595789b47624a3d963aa9aa6359da9be31beb7e61f1a45541953242068b8813)
    unpack "$package" pgserver/pginstall '*' "$part" 'include/*' '*.a' 'lib/pkgconfig/*'
    unpack "$package" pgserver.libs '*' "$part/lib"
    chmod +x "$part"/bin/*
    LD_LIBRARY_PATH=$part/lib "$part/bin/initdb" --version
    mv "$part" "$postgres"
    echo "downloaded and unpacked" >&3
}
