// Versions of the same minutes that were checked together: whether each is the one a later names.

/** Return, of each earlier version that `one` names, the file that it is or claims to be. */
export function chained(one, found) {
  return (one.says?.earlier ?? []).map((named) => {
    const same = found.find((other) => other.sha256 === named.sha256);
    const claims = found.find((other) => claimed(other, one, named));
    return { ...named, same: same?.name, other: same ? undefined : claims?.name };
  });
}

function claimed(other, one, named) {
  const { says } = other;
  if (!says || says.version !== named.version) return false;
  return says.service === one.says.service && says.consultation.slug === one.says.consultation.slug;
}
