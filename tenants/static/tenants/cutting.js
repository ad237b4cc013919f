/* Two clicks on the outline make a cut; the server answers with the parts and their areas. */
(() => {
  "use strict";
  const form = document.querySelector("[data-cutting]");
  const sheet = form && form.querySelector("[data-sheet]");
  if (!sheet) return;
  const SVG = "http://www.w3.org/2000/svg";
  const field = form.elements.cuts;
  const parts = form.elements.parts;
  const drawn = sheet.querySelector("[data-lines]");
  const outline = sheet.querySelector("[data-outline]");
  const size = Math.max(sheet.viewBox.baseVal.width, sheet.viewBox.baseVal.height);
  const rings = outline.getAttribute("d").split("Z").filter(Boolean)
    .map((ring) => ring.slice(1).split("L").map((point) => point.split(",").map(Number)));
  const edges = rings.flatMap((ring) => ring.map((point, i) => [point, ring[(i + 1) % ring.length]]));
  let cuts = JSON.parse(field.value || "[]");
  let first = null;
  let shapes = [];

  const element = (name, attributes, text) => {
    const node = document.createElementNS(SVG, name);
    Object.entries(attributes).forEach(([key, value]) => node.setAttribute(key, value));
    if (text !== undefined) node.textContent = text;
    return node;
  };
  const draw = () => {
    drawn.replaceChildren(
      ...shapes.map((shape, i) => element("path", { class: `part p${i % 2}`, d: shape.shape })),
      ...cuts.map(([[x1, y1], [x2, y2]]) => element("line", { x1, y1, x2, y2 })),
      ...shapes.flatMap((shape) => [
        element("text", { x: shape.x, y: shape.y, "font-size": size / 28 }, shape.label),
        element("text", { x: shape.x, y: Number(shape.y) + size / 24, "font-size": size / 34 }, `${shape.area} ㎡`),
      ]),
      ...(first ? [element("circle", { cx: first[0], cy: first[1], r: size / 80 })] : []),
    );
  };
  const tell = (fit) => {
    field.value = cuts.length ? JSON.stringify(cuts) : "";
    field.dataset.fit = fit ? "1" : "";
    draw();
    form.dispatchEvent(new Event("refit"));
  };

  /* A point goes to the nearest place of the outline or of a cut that is there. */
  const onto = ([px, py]) => {
    let best = null;
    for (const [[ax, ay], [bx, by]] of [...edges, ...cuts]) {
      const [dx, dy] = [bx - ax, by - ay];
      const along = Math.max(0, Math.min(1, ((px - ax) * dx + (py - ay) * dy) / (dx * dx + dy * dy || 1)));
      const [x, y] = [ax + along * dx, ay + along * dy];
      const far = Math.hypot(px - x, py - y);
      if (!best || far < best.far) best = { x, y, far };
    }
    return [Number(best.x.toFixed(3)), Number(best.y.toFixed(3))];
  };
  sheet.addEventListener("click", (event) => {
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(sheet.getScreenCTM().inverse());
    const point = onto([at.x, at.y]);
    if (!first) {
      first = point;
      draw();
      return;
    }
    const cut = [first, point];
    first = null;
    if (Math.hypot(cut[0][0] - cut[1][0], cut[0][1] - cut[1][1]) > size / 200) cuts.push(cut);
    tell(true);
  });
  form.querySelector("[data-undo]").addEventListener("click", () => { if (first) first = null; else cuts.pop(); tell(true); });
  form.querySelector("[data-none]").addEventListener("click", () => { first = null; cuts = []; shapes = []; tell(false); });
  form.querySelectorAll("[data-halve]").forEach((button) => button.addEventListener("click", () => {
    cuts.push(JSON.parse(button.dataset.halve));
    tell(true);
  }));
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.target.matches("[data-preview]") && field.dataset.fit) event.detail.parameters.fit = "1";
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (!event.target.matches("[data-preview]")) return;
    const answer = event.target.querySelector("[data-lines-text]");
    shapes = [...answer.querySelectorAll("[data-shape]")].map((node) => ({ ...node.dataset }));
    if (field.dataset.fit && shapes.length) {
      parts.value = answer.dataset.linesText;
      field.dataset.fit = "";
      form.dispatchEvent(new Event("refit"));
    }
    field.dataset.fit = "";
    draw();
  });
  draw();
})();
