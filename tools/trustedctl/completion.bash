# SPDX-License-Identifier: GPL-2.0-only
#
# Completion of trustedctl for bash.

_trustedctl()
{
	local verbs="show check policy pcrs signer authpolicy"
	local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
	local options hashes="sha1 sha256 sha384 sha512"

	COMPREPLY=()
	# bash takes = for a word of its own.
	[ "$current" != = ] || current=
	if [ "$previous" = = ]; then
		previous=${COMP_WORDS[COMP_CWORD - 2]}
	elif [ "$COMP_CWORD" -gt 1 ] && [ "${COMP_WORDS[COMP_CWORD]}" = = ]; then
		previous=${COMP_WORDS[COMP_CWORD - 1]}
	fi
	if [ "$COMP_CWORD" -eq 1 ]; then
		mapfile -t COMPREPLY < <(compgen -W "$verbs --help" -- "$current")
		return
	fi
	case $previous in
	--hash | --bank)
		mapfile -t COMPREPLY < <(compgen -W "$hashes" -- "$current")
		return
		;;
	--key | --file | -k | -f)
		compopt -o filenames 2> /dev/null
		mapfile -t COMPREPLY < <(compgen -f -- "$current")
		return
		;;
	--tcti | -T)
		mapfile -t COMPREPLY < <(compgen -W "device: swtpm: mssim: tabrmd:" -- "$current")
		return
		;;
	esac
	case ${COMP_WORDS[1]} in
	show) options="--policy --hash= --json --help" ;;
	check) options="--pcrs= --policy= --authpolicy= --tcti= --json --help" ;;
	policy) options="--file= --hash= --hex --tcti= --json --help" ;;
	pcrs) options="--tcti= --json --help" ;;
	signer) options="--hex --json --help" ;;
	authpolicy) options="--key= --bank= --now --pcrs= --ref= --hex --tcti= --json --help" ;;
	*) return ;;
	esac
	case $current in
	-*)
		mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current")
		[[ ${COMPREPLY[0]-} != *= ]] || compopt -o nospace 2> /dev/null
		;;
	*)
		case ${COMP_WORDS[1]} in
		policy | pcrs) return ;;
		esac
		compopt -o filenames 2> /dev/null
		mapfile -t COMPREPLY < <(compgen -f -- "$current")
		;;
	esac
}
complete -F _trustedctl trustedctl
