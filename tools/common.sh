# Sourced by the scripts beside it: where things are, and how a missing package gets here.
# shellcheck shell=sh

top=$(cd "$(dirname "$0")/.." && pwd)
build=${CELADON_BUILD:-$top/build}

# missing_packages LIST...: the packages of the lists that are not installed.
missing_packages() {
    wanted=$(sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$@")
    # shellcheck disable=SC2086
    have=$(dpkg-query -W -f='${Package} ${db:Status-Status}\n' $wanted 2>/dev/null |
        awk '$2 == "installed" { print $1 }')
    for package in $wanted; do
        printf '%s\n' "$have" | grep -qx "$package" || printf '%s ' "$package"
    done
}

# install_packages LIST...: installs what is missing, asking for root only when something is.
install_packages() {
    missing=$(missing_packages "$@")
    [ -n "$missing" ] || return 0
    echo "Installing: $missing" >&2 # standard output belongs to the command
    if [ "$(id -u)" = 0 ]; then
        as_root=
    elif command -v sudo >/dev/null; then
        as_root=sudo
        echo "(this needs root; sudo may ask for your password)" >&2
    else
        echo "Please run as root: apt-get install --no-install-recommends $missing" >&2
        exit 4
    fi
    log=$(mktemp)
    # shellcheck disable=SC2086
    if ! { $as_root apt-get update -q &&
        $as_root env DEBIAN_FRONTEND=noninteractive \
            apt-get install -y -q --no-install-recommends $missing; } >"$log" 2>&1; then
        tail -20 "$log" >&2
        echo "The packages could not be installed: see above." >&2
        exit 4
    fi
    rm -f "$log"
}

# configure: makes or makes anew what $build was configured to, with every package that is there now.
configure() {
    shared=${CELADON_SHARED:-$top/../shared}
    [ -d "$shared/data" ] && shared=$(cd "$shared" && pwd) || shared=
    again=
    [ ! -f "$build/build.ninja" ] || again=--reconfigure
    echo "Configuring in $build" >&2
    # shellcheck disable=SC2086
    run_quietly meson setup $again "$build" "$top" -Dmpi=auto "-Dshared_data=$shared" \
        "-Dwerror=${CELADON_WERROR:-false}"
}

# configure_and_build [TARGET...]: makes $build, or these of it, up to date, quietly unless something goes wrong.
configure_and_build() {
    [ -f "$build/build.ninja" ] || configure
    run_quietly ninja -C "$build" "$@"
}

run_quietly() {
    out=$(mktemp)
    if ! "$@" >"$out" 2>&1; then
        tail -60 "$out" >&2
        rm -f "$out"
        exit 4
    fi
    rm -f "$out"
}
