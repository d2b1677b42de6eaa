// What is different between two texts, line by line.

const MOST_LINES = 4_000;

/// Lines as `['same' | 'gone' | 'new', text]`, by the longest common subsequence.
export function difference(before, after) {
  const old = before.split('\n');
  const now = after.split('\n');
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) {
    head++;
  }
  let tail = 0;
  while (tail < old.length - head && tail < now.length - head && old.at(-1 - tail) === now.at(-1 - tail)) {
    tail++;
  }
  const inner = changed(old.slice(head, old.length - tail), now.slice(head, now.length - tail));
  const same = line => ['same', line];
  return [...old.slice(0, head).map(same), ...inner, ...(tail ? old.slice(-tail).map(same) : [])];
}

function changed(old, now) {
  if (old.length > MOST_LINES || now.length > MOST_LINES) {
    return [...old.map(line => ['gone', line]), ...now.map(line => ['new', line])];
  }
  const common = Array.from({ length: old.length + 1 }, () => new Uint16Array(now.length + 1));
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = now.length - 1; j >= 0; j--) {
      common[i][j] = old[i] === now[j] ? common[i + 1][j + 1] + 1 : Math.max(common[i + 1][j], common[i][j + 1]);
    }
  }
  const lines = [];
  let i = 0;
  let j = 0;
  while (i < old.length || j < now.length) {
    if (i < old.length && j < now.length && old[i] === now[j]) {
      lines.push(['same', old[i]]);
      i++;
      j++;
    } else if (j >= now.length || (i < old.length && common[i + 1][j] >= common[i][j + 1])) {
      lines.push(['gone', old[i++]]);
    } else {
      lines.push(['new', now[j++]]);
    }
  }
  return lines;
}
