# The libtorch step of setup.sh, which sources this file. libtorch 2.1.2 comes out of the PyPI wheel of torch.
# LIBTORCH names a libtorch 2.1.2 of one's own instead: a folder with lib/ and include/.

if [[ -n ${LIBTORCH:-} ]]; then
    libtorch=$(realpath -m "$LIBTORCH") libtorch_for="$LIBTORCH"
elif has_gpu; then
    libtorch=$cache/libtorch-2.1.2-cu121 libtorch_for="CUDA 12.1"
else
    libtorch=$cache/libtorch-2.1.2-cpu libtorch_for="CPU"
fi

# gotch asks the linker for CUDA's libraries by name. Empty ones satisfy it where they are missing, and
# --as-needed (in env.sh) keeps them out of the executables.
stubs=$libtorch/stubs
[[ -z ${LIBTORCH:-} ]] || stubs=$build/stubs

setup_libtorch() {
    if [[ -n ${LIBTORCH:-} ]]; then
        if ! grep -q '2\.1\.2' "$libtorch/include/torch/csrc/api/include/torch/version.h" "$libtorch/build-version"; then
            echo "LIBTORCH=$LIBTORCH holds no libtorch 2.1.2 (lib/ and include/): name another folder or leave LIBTORCH out" >&3
            return 1
        fi
        make_stubs "$libtorch/lib" "$stubs"
        echo "your own" >&3
    elif [[ -d $libtorch ]]; then
        echo "there" >&3
    else
        fetch_libtorch
    fi
}

fetch_libtorch() {
    local part=$libtorch.part torch runtime cupti nvcc
    rm -rf "$part"
    torch=$(wheel torch 2.1.2 a6ebbe517097ef289cc7952783588c72de071d4b15ce0f8b285093f0916b1162)
    # libtorch_cpu itself needs these two, GPU or not.
    runtime=$(wheel nvidia-cuda-runtime-cu12 12.1.105 6e258468ddf5796e25f1dc591a31029fa317d97a0a94ed93468fc86301d61e40)
    cupti=$(wheel nvidia-cuda-cupti-cu12 12.1.105 e54fde3983165c624cb79254ae9818a456eb6e87a7fd4d56a2352c24ee542d7e)

    unpack "$torch" torch/include '*' "$part/include"
    unpack "$runtime" nvidia/cuda_runtime/lib 'libcudart.so.12' "$part/lib"
    unpack "$cupti" nvidia/cuda_cupti/lib 'libcupti.so.12' "$part/lib"
    if [[ $libtorch_for == CPU ]]; then
        unpack "$torch" torch/lib '*.so*' "$part/lib" '*cuda*' '*nvrtc*' '*nvfuser*' '*python*'
    else
        unpack "$torch" torch/lib '*.so*' "$part/lib" '*python*'
        fetch_cuda "$part"
        # What libtorch's own CUDA headers include, beside those of fetch_cuda.
        nvcc=$(wheel nvidia-cuda-nvcc-cu12 12.1.105 a0712a05ffd57d9f017580ffcc808b207f7f4ef7a5ca8ac1312318b153739a18)
        unpack "$runtime" nvidia/cuda_runtime/include '*' "$part/include"
        unpack "$nvcc" nvidia/cuda_nvcc/include 'crt/*' "$part/include"
    fi
    make_stubs "$part/lib" "$part/stubs"
    mv "$part" "$libtorch"
    echo "downloaded and unpacked" >&3
}

# fetch_cuda FOLDER brings the CUDA 12.1 libraries that torch 2.1.2 requires, and their headers.
fetch_cuda() {
    local name version sha256 file
    while read -r name version sha256; do
        file=$(wheel "nvidia-$name-cu12" "$version" "$sha256")
        unpack "$file" "nvidia/${name/-/_}/lib" '*.so*' "$1/lib"
        unpack "$file" "nvidia/${name/-/_}/include" '*.h' "$1/include"
    done <<'WHEELS'
cublas 12.1.3.1 ee53ccca76a6fc08fb9701aa95b6ceb242cdaab118c3bb152af4e579af792728
cuda-nvrtc 12.1.105 339b385f50c309763ca65456ec75e17bbefcbbf2893f462cb8b90584cd27a1c2
cudnn 8.9.2.26 5ccb288774fdfb07a7e7025ffec286971c06d8d7b4fb162525334616d7629ff9
cufft 11.0.2.54 794e3948a1aa71fd817c3775866943936774d1c14e7628c74f6f7417224cdf56
curand 10.3.2.106 9d264c5036dde4e64f1de8c50ae753237c12e0b1348738169cd0f8a536c0e1e0
cusolver 11.4.5.107 8a7ec542f0412294b15072fa7dab71d31334014a69f953004ea7a118206fe0dd
cusparse 12.1.0.106 f3b50f42cf363f86ab21f720998517a659a48131e8d538dc02f8768237bd884c
nccl 2.18.1 1a6c4acefcbebfa6de320f412bf7866de856e786e0462326ba1bac40de0b5e71
nvjitlink 12.1.105 015fed699b390ce3b8a8578d822d501a4194d0a341d3859554067c1ab291cb85
nvtx 12.1.105 dc21cf308ca5691e7c04d962e213f8a4aa9bbfa23d95412f452254c2caeb09e5
WHEELS
}

# make_stubs LIB FOLDER writes an empty library for each that gotch names and LIB lacks.
make_stubs() {
    local name
    mkdir -p "$2"
    for name in cuda cudart cublas cudnn caffe2_nvrtc nvrtc-builtins nvrtc nvToolsExt c10_cuda torch_cuda; do
        [[ -e $1/lib$name.so || -e $2/lib$name.so ]] || g++ -shared -nostdlib -o "$2/lib$name.so" -x c++ /dev/null
    done
}

# libtorch_abi prints 1 where libtorch was built with the new ABI of C++ strings, else 0 (as PyPI's).
libtorch_abi() {
    if grep -q 'c105ErrorC1ENS_14SourceLocationENSt7__cxx11' "$libtorch/lib/libc10.so"; then echo 1; else echo 0; fi
}
