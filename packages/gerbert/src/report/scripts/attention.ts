/**
 * Runs in the page: the small maps, the map of the chosen head, and what the chosen token looks at.
 * `page.attention`: `{ tokens, layers }`, the probabilities as [layer][head][query][key].
 */
export const attentionScript = `
function showAttention({ tokens, layers }) {
  const figure = document.getElementById('attention-map');
  const options = [...figure.querySelectorAll('.token')];
  const readout = document.getElementById('attention-readout');
  const matrix = document.getElementById('attention-matrix');
  const percent = (share) => (100 * share).toFixed(0) + ' %';
  let [layer, head, query] = [0, 0, 0];
  let rows = [];

  // Square roots let small shares be seen beside large ones.
  const strength = (share) => Math.sqrt(Math.max(0, share));

  function drawSmall() {
    const colour = getComputedStyle(document.documentElement).getPropertyValue('--bert').trim();
    const rgb = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
    for (const input of figure.querySelectorAll('input')) {
      const [l, h] = input.value.split(',').map(Number);
      const canvas = input.parentElement.querySelector('canvas');
      const context = canvas.getContext('2d');
      const image = context.createImageData(tokens.length, tokens.length);
      layers[l][h].flat().forEach((share, i) => image.data.set([...rgb, Math.round(255 * strength(share))], 4 * i));
      context.putImageData(image, 0, 0);
    }
  }

  function element(name, attributes, text) {
    const made = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (text !== undefined) made.textContent = text;
    return made;
  }

  function drawMatrix() {
    const longest = Math.max(...tokens.map((token) => token.length));
    const edge = Math.min(104, 14 + 7.2 * longest);
    const room = matrix.parentElement.clientWidth - edge - 2;
    const cell = Math.max(11, Math.min(26, Math.floor(room / tokens.length)));
    const side = edge + cell * tokens.length + 1;
    matrix.setAttribute('viewBox', '0 0 ' + side + ' ' + side);
    matrix.setAttribute('width', side);
    matrix.setAttribute('height', side);
    const short = (token) => (token.length > 12 ? token.slice(0, 11) + '…' : token);
    rows = tokens.map((token, q) => {
      const row = element('g', { class: 'row' });
      const y = edge + q * cell;
      row.append(element('text', { x: edge - 6, y: y + cell / 2 + 4, 'text-anchor': 'end' }, short(token)));
      tokens.forEach((other, k) => {
        const share = layers[layer][head][q][k];
        const square = element('rect', { x: edge + k * cell, y, width: cell - 1, height: cell - 1, 'fill-opacity': strength(share).toFixed(3) });
        square.append(element('title', {}, token + ' → ' + other + ': ' + percent(share)));
        row.append(square);
      });
      row.append(element('rect', { class: 'outline', x: edge - 1, y: y - 1, width: cell * tokens.length + 1, height: cell + 1 }));
      row.addEventListener('pointerenter', () => choose(q));
      return row;
    });
    const names = tokens.map((token, k) => {
      const x = edge + k * cell + cell / 2 + 4;
      return element('text', { x, y: edge - 6, transform: 'rotate(-90 ' + x + ' ' + (edge - 6) + ')' }, short(token));
    });
    matrix.replaceChildren(...names, ...rows);
  }

  function choose(q) {
    query = q;
    const shares = layers[layer][head][q];
    options.forEach((option, i) => {
      option.setAttribute('aria-selected', String(i === q));
      option.tabIndex = i === q ? 0 : -1;
      option.style.setProperty('--look', strength(shares[i]).toFixed(3));
      option.style.setProperty('--share', shares[i]);
    });
    rows.forEach((row, i) => row.classList.toggle('chosen', i === q));
    const order = shares.map((share, k) => [share, tokens[k]]).sort((a, b) => b[0] - a[0]).slice(0, 4);
    readout.textContent = tokens[q] + ' looks at ' + order.map(([share, token]) => token + ' ' + percent(share)).join(', ');
  }

  function show() {
    document.getElementById('attention-chosen').textContent = 'Layer ' + (layer + 1) + ', head ' + (head + 1);
    drawMatrix();
    choose(query);
  }

  figure.querySelector('.heads').addEventListener('change', (event) => {
    [layer, head] = event.target.value.split(',').map(Number);
    show();
  });
  options.forEach((option, i) => {
    option.addEventListener('pointerenter', () => choose(i));
    option.addEventListener('focus', () => choose(i));
    option.addEventListener('click', () => option.focus());
  });
  const moves = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Home: -Infinity, End: Infinity };
  figure.querySelector('.tokens').addEventListener('keydown', (event) => {
    if (!Object.hasOwn(moves, event.key)) return;
    event.preventDefault();
    options[Math.min(tokens.length - 1, Math.max(0, query + moves[event.key]))].focus();
  });
  let width = 0;
  new ResizeObserver(() => {
    if (matrix.parentElement.clientWidth === width) return;
    width = matrix.parentElement.clientWidth;
    show();
  }).observe(matrix.parentElement);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawSmall);
  const checked = figure.querySelector('input:checked');
  // Going back to the page may have kept another choice.
  if (checked) [layer, head] = checked.value.split(',').map(Number);
  drawSmall();
  show();
}
`;
