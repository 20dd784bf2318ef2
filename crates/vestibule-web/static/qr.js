// QR codes (ISO/IEC 18004): bytes, error correction level M, versions 1 to 20. Returns rows of modules (1 is dark), or
// null if the text is too long.
const qr = (text) => {
  // Error correction codewords of a block, and number of blocks, by version (table 9).
  const ecs = [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26];
  const counts = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16];
  const { abs, floor, max } = Math;
  const range = (count) => [...Array(count).keys()];
  const bytes = new TextEncoder().encode(text);

  // The smallest version that holds the text.
  const align = (v) => (v < 2 ? 0 : floor(v / 7) + 2);
  const total = (v) => {
    const a = align(v);
    return ((16 * v + 128) * v + 64 - (a ? (25 * a - 10) * a - 55 : 0) - (v < 7 ? 0 : 36)) >> 3;
  };
  const room = (v) => total(v) - ecs[v - 1] * counts[v - 1];
  const version = range(21).find((v) => v && room(v) >= bytes.length + (v < 10 ? 2 : 3));
  if (!version) return null;
  const [ec, count, size] = [ecs[version - 1], counts[version - 1], 17 + 4 * version];

  // The codewords: mode, length, text, terminator, padding.
  let bits = "";
  const put = (value, length) => (bits += value.toString(2).padStart(length, 0));
  put(4, 4);
  put(bytes.length, version < 10 ? 8 : 16);
  for (const byte of bytes) put(byte, 8);
  put(0, 4);
  const words = bits.match(/.{8}/g).map((word) => parseInt(word, 2));
  for (let pad = 236; words.length < room(version); pad ^= 253) words.push(pad);

  // Reed-Solomon codes over GF(256) with the polynomial 0x11d.
  const times = (a, b) => {
    let sum = 0;
    for (let at = 7; at >= 0; at--) sum = (sum << 1) ^ ((sum >> 7) * 0x11d) ^ (((b >> at) & 1) * a);
    return sum;
  };
  let divisor = range(ec).map((at) => +(at === ec - 1));
  let root = 1;
  for (const _ of range(ec)) {
    divisor = divisor.map((value, at) => times(value, root) ^ (divisor[at + 1] ?? 0));
    root = times(root, 2);
  }
  const parity = (block) =>
    block.reduce((rest, byte) => {
      const factor = byte ^ rest[0];
      return divisor.map((value, at) => times(value, factor) ^ (rest[at + 1] ?? 0));
    }, range(ec).fill(0));
  const short = floor(total(version) / count) - ec;
  const blocks = range(count).map((at) => words.splice(0, short + (at >= count - (total(version) % count))));
  const weave = (parts) => range(short + ec + 1).flatMap((at) => parts.flatMap((part) => part[at] ?? []));
  const stream = [...weave(blocks), ...weave(blocks.map(parity))];

  // The patterns: `fixed` modules are not masked.
  const grid = () => range(size).map(() => range(size).fill(0));
  const [rows, fixed] = [grid(), grid()];
  const draw = (x, y, dark) => {
    if (x < 0 || y < 0 || x >= size || y >= size) return;
    rows[y][x] = +dark;
    fixed[y][x] = 1;
  };
  const square = (x, y, reach, light) => {
    for (const dy of range(2 * reach + 1)) {
      for (const dx of range(2 * reach + 1)) {
        const ring = max(abs(dx - reach), abs(dy - reach));
        draw(x + dx - reach, y + dy - reach, ring !== light && ring < 4);
      }
    }
  };
  for (const [x, y] of [[3, 3], [size - 4, 3], [3, size - 4]]) square(x, y, 4, 2);
  const last = align(version) - 1;
  const gap = 2 * Math.ceil((version * 2 + 2) / last);
  const places = range(last + 1).map((at) => (at ? size - 7 - gap * (last - at) : 6));
  for (const x of places) for (const y of places) if (!fixed[y][x]) square(x, y, 2, 1);
  for (const at of range(size)) {
    if (fixed[6][at]) continue;
    draw(6, at, at % 2 === 0);
    draw(at, 6, at % 2 === 0);
  }
  const check = (value, length, poly) => {
    let rest = value;
    for (const _ of range(length)) rest = (rest << 1) ^ ((rest >> (length - 1)) * poly);
    return (value << length) | rest;
  };
  if (version > 6) {
    for (const at of range(18)) {
      const [x, y, dark] = [size - 11 + (at % 3), floor(at / 3), (check(version, 12, 0x1f25) >> at) & 1];
      draw(x, y, dark);
      draw(y, x, dark);
    }
  }
  const format = (mask) => {
    for (const at of range(15)) {
      const dark = ((check(mask, 10, 0x537) ^ 0x5412) >> at) & 1;
      draw(8, at < 6 ? at : at < 8 ? at + 1 : size - 15 + at, dark);
      draw(at < 8 ? size - 1 - at : at < 9 ? 7 : 14 - at, 8, dark);
    }
    draw(8, size - 8, 1);
  };
  format(0);

  // The stream goes up and down in pairs of columns, from the right.
  let next = 0;
  for (let right = size - 1; right > 0; right -= right === 8 ? 3 : 2) {
    for (const step of range(size)) {
      const y = (right + 1) & 2 ? step : size - 1 - step;
      for (const x of [right, right - 1]) {
        if (!fixed[y][x]) rows[y][x] = (stream[next >> 3] >> (7 - (next++ & 7))) & 1;
      }
    }
  }

  // The mask with the lowest penalty.
  const masks = [
    (x, y) => (x + y) % 2,
    (x, y) => y % 2,
    (x) => x % 3,
    (x, y) => (x + y) % 3,
    (x, y) => (floor(x / 3) + floor(y / 2)) % 2,
    (x, y, a, b) => a + b,
    (x, y, a, b) => (a + b) % 2,
    (x, y, a, b) => (x + y + b) % 2,
  ];
  const masked = (mask) => {
    format(mask);
    return rows.map((row, y) =>
      row.map((dark, x) => dark ^ (!fixed[y][x] && !masks[mask](x, y, (x * y) % 2, (x * y) % 3))),
    );
  };
  const penalty = (rows) => {
    const lines = [...rows, ...rows.map((_, x) => rows.map((row) => row[x]))].map((line) => line.join(""));
    let points = 0;
    for (const line of lines) {
      for (const [run] of line.matchAll(/0{5,}|1{5,}/g)) points += run.length - 2;
      for (const _ of line.matchAll(/(?=00001011101|10111010000)/g)) points += 40;
    }
    rows.slice(1).forEach((row, y) =>
      row.slice(1).forEach((dark, x) => {
        if (row[x] === dark && rows[y][x] === dark && rows[y][x + 1] === dark) points += 3;
      }),
    );
    const share = rows.flat().reduce((a, b) => a + b) / size / size;
    return points + 10 * floor(abs(share * 20 - 10));
  };
  const all = range(8).map(masked);
  const points = all.map(penalty);
  return all[points.indexOf(Math.min(...points))];
};
