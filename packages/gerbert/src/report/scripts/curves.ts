/**
 * Runs in the page: writes step and loss under a loss curve where the pointer is, and marks the place.
 * `page.curves[name]` holds the points that are drawn, `data-place` the drawing's rectangle and its vertical range.
 */
export const curvesScript = `
function readCurves(page) {
  for (const svg of document.querySelectorAll('[data-curve]')) {
    const points = page.curves[svg.dataset.curve];
    const readout = document.querySelector('[data-readout="' + svg.dataset.curve + '"]');
    const place = JSON.parse(svg.dataset.place);
    const mark = document.createElementNS('http://www.w3.org/2000/svg', 'line');
    mark.setAttribute('class', 'cursor');
    mark.setAttribute('y1', place.top);
    mark.setAttribute('y2', place.bottom);
    const steps = Math.max(2, points[points.length - 1].step);
    const xOf = (step) => place.left + ((step - 1) / (steps - 1)) * (place.right - place.left);
    svg.addEventListener('pointermove', (event) => {
      const box = svg.getBoundingClientRect();
      const x = ((event.clientX - box.left) / box.width) * svg.viewBox.baseVal.width;
      let nearest = points[0];
      for (const point of points) if (Math.abs(xOf(point.step) - x) < Math.abs(xOf(nearest.step) - x)) nearest = point;
      mark.setAttribute('x1', xOf(nearest.step));
      mark.setAttribute('x2', xOf(nearest.step));
      svg.append(mark);
      readout.textContent = 'step ' + nearest.step + ': ' + nearest.loss.toFixed(3) + ', average ' + nearest.smooth.toFixed(3);
    });
    svg.addEventListener('pointerleave', () => {
      mark.remove();
      readout.textContent = '';
    });
  }
}
`;
