# The FAISS step of setup.sh, which sources this file. Debian ships FAISS without its C interface, so it is built
# from the distribution's source package: one library, with AVX2 kernels and a static serial OpenBLAS inside, that
# exports the C interface only (its BLAS would otherwise mix with libtorch's MKL).

openblas=/usr/lib/x86_64-linux-gnu/openblas-serial/libopenblas.a

# The release whose source package is used, whatever release this machine runs.
. /etc/os-release
case "$ID ${ID_LIKE:-}" in
*ubuntu*) faiss_release=jammy faiss_version=1.7.2 faiss_sha256=d49b4afd6a7a5b64f260a236ee9b2efb760edb08c33d5ea5610c2f078a5995ec ;;
*) faiss_release=bookworm faiss_version=1.7.3 faiss_sha256=3e4fac26d8c9e9008ecea4ae5fc414c658998fce4ba75835058b1a71d3516002 ;;
esac
faiss=$cache/faiss-$faiss_version

setup_faiss() {
    if [[ -d $faiss ]]; then
        echo "there" >&3
        return
    fi
    local work=$faiss.part
    rm -rf "$work"
    mkdir -p "$work"/{source,include/faiss/c_api,lib}
    if ! faiss_source "$work"; then
        echo "no source of FAISS $faiss_version from apt; put lib/libfaiss_c.so and include/faiss/c_api into $faiss yourself" >&3
        return 1
    fi
    faiss_build "$work/source" "$work/lib/libfaiss_c.so"
    (cd "$work/source/c_api" && find . -name '*_c.h' -not -path './gpu/*' -exec cp --parents {} "$work/include/faiss/c_api" \;)
    rm -r "$work/source" "$work/apt"
    mv "$work" "$faiss"
    echo "built from source" >&3
}

# faiss_source WORK unpacks the source package into WORK/source. It needs no root and changes nothing of the machine's
# apt: the entries of its sources are copied, as deb-src and for the release wanted, beside lists of their own.
faiss_source() {
    local apt=$1/apt entry
    mkdir -p "$apt"/{sources,lists/partial,cache/archives/partial}
    for entry in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
        [[ ! -e $entry ]] || sed -n 's/^deb /deb-src /p' "$entry" >>"$apt/sources/all.list"
    done
    for entry in /etc/apt/sources.list.d/*.sources; do
        [[ ! -e $entry ]] || sed 's/^Types:.*/Types: deb-src/' "$entry" >"$apt/sources/$(basename "$entry")"
    done
    sed -i "s/\b${VERSION_CODENAME:-$faiss_release}\b/$faiss_release/g" "$apt"/sources/*

    local options=(-o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts="$apt/sources"
        -o Dir::State::Lists="$apt/lists" -o Dir::Cache="$apt/cache" -o APT::Sandbox::User="$(id -un)")
    # Sources of others than the distribution may well have no such release: what counts is that the package came.
    apt-get "${options[@]}" update || true
    (cd "$apt" && apt-get "${options[@]}" source --download-only --tar-only "faiss/$faiss_release")
    echo "$faiss_sha256  $apt/faiss_$faiss_version.orig.tar.gz" | sha256sum --check
    tar --extract --gzip --strip-components=1 --file "$apt/faiss_$faiss_version.orig.tar.gz" --directory "$1/source"
}

# faiss_build SOURCE LIBRARY. FAISS_OPT_LEVEL=avx2 would build everything twice and faiss_c would link the generic half.
faiss_build() {
    local source=$1 library=$2
    cmake -S "$source" -B "$source/build" -DCMAKE_BUILD_TYPE=Release -DCMAKE_POSITION_INDEPENDENT_CODE=ON -DBUILD_SHARED_LIBS=OFF \
        -DFAISS_ENABLE_C_API=ON -DFAISS_ENABLE_GPU=OFF -DFAISS_ENABLE_PYTHON=OFF -DBUILD_TESTING=OFF -DFAISS_OPT_LEVEL=generic \
        -DCMAKE_CXX_FLAGS="-mavx2 -mfma -mf16c -mpopcnt" -DBLAS_LIBRARIES="$openblas" -DLAPACK_LIBRARIES="$openblas"
    cmake --build "$source/build" --target faiss_c --parallel "$(nproc)"
    echo '{ global: faiss_*; local: *; };' >"$source/build/exports.map"
    # The static OpenBLAS takes two functions from Fortran's run-time library, which comes with it.
    g++ -shared -fopenmp -o "$library" -Wl,-soname,libfaiss_c.so -Wl,--version-script="$source/build/exports.map" -Wl,--no-undefined \
        -Wl,--whole-archive "$source/build/c_api/libfaiss_c.a" -Wl,--no-whole-archive "$source/build/faiss/libfaiss.a" "$openblas" -l:libgfortran.so.5
}
