#!/usr/bin/env bash
# Runs a command in a clean clone on a bare Debian 12 that has only the .NET SDK, its ICU and apt: what a newcomer's
# machine has. It needs root and debootstrap (apt-get install debootstrap); package sources, certificates and NuGet's
# settings are the host's. The clone is of what HEAD holds, so commit first.
#
#   eng/bare-machine.sh [--keep] [--root DIR] COMMAND...      eng/bare-machine.sh ./stellarpay demo
#
# --keep takes the machine of the last run again (with what that run installed) where there is one.
set -euo pipefail

root=/tmp/bare-machine
keep=0
while [[ ${1-} == --* ]]; do
    case $1 in
        --keep) keep=1 ;;
        --root) root=$2; shift ;;
        *) echo "bare-machine.sh: unknown option $1" >&2; exit 2 ;;
    esac
    shift
done
[[ $# -gt 0 ]] || { echo "usage: eng/bare-machine.sh [--keep] [--root DIR] COMMAND..." >&2; exit 2; }
[[ $EUID -eq 0 ]] || { echo "bare-machine.sh: a chroot needs root" >&2; exit 1; }
command -v debootstrap >/dev/null || { echo "bare-machine.sh: install debootstrap first" >&2; exit 1; }

source_tree=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && git rev-parse --show-toplevel)
sdk=$(dotnet --list-sdks | sed -n 's|.*\[\(.*\)/sdk\]$|\1|p' | head -n 1)

unmount() {
    local place
    for place in proc dev sys; do
        while mountpoint -q "$root/$place"; do umount -lR "$root/$place"; done
    done
}

# What still runs in the machine holds its mounts: it is ended with the command that began it.
leave() {
    local process
    for process in /proc/[0-9]*; do
        [[ $(readlink "$process/root" 2>/dev/null) == "$root" ]] && kill -9 "${process#/proc/}" 2>/dev/null
    done
    unmount
    return 0
}

unmount
if [[ $keep -eq 0 || ! -d $root/usr ]]; then
    rm -rf --one-file-system "$root"
    debootstrap --variant=minbase --include=ca-certificates,libicu72 bookworm "$root" http://deb.debian.org/debian >/dev/null
    cp /etc/apt/apt.conf.d/* "$root/etc/apt/apt.conf.d/"
    rm -f "$root/etc/apt/apt.conf.d/docker-"*
    # Where the host has Debian's sources elsewhere, those of debootstrap serve.
    if [[ -f /etc/apt/sources.list.d/debian.sources ]]; then
        rm -f "$root/etc/apt/sources.list"
        cp /etc/apt/sources.list.d/debian.sources "$root/etc/apt/sources.list.d/"
    fi
    rm -rf "$root/etc/ssl/certs"
    cp -aL /etc/ssl/certs "$root/etc/ssl/"
    cp -a "$sdk" "$root/usr/share/dotnet"
    ln -s /usr/share/dotnet/dotnet "$root/usr/bin/dotnet"
    if [[ -f ~/.nuget/NuGet/NuGet.Config ]]; then
        install -D ~/.nuget/NuGet/NuGet.Config "$root/root/.nuget/NuGet/NuGet.Config"
    fi
fi
cp /etc/resolv.conf /etc/hosts "$root/etc/"
trap leave EXIT
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev" && mount --make-rslave "$root/dev"
mount --rbind /sys "$root/sys" && mount --make-rslave "$root/sys"

# In root's home, which the user postgres cannot enter: the script has to find its cluster another place.
rm -rf "$root/root/stellarpay"
git clone --quiet "$source_tree" "$root/root/stellarpay"
chroot "$root" env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
    SSL_CERT_DIR=/etc/ssl/certs SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt NUGET_CERT_REVOCATION_MODE=offline \
    sh -c 'cd /root/stellarpay && exec "$@"' sh "$@"
