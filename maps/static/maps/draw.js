/* Draws the features of one map. Names are written as text, never as markup. */
"use strict";
(() => {
  const MANY = 600; // above this a canvas is faster than SVG; below, shapes can take the focus
  const INK = "#33414e", CHOSEN = "#d9480f";
  const node = (tag, text) => {
    const element = document.createElement(tag);
    element.textContent = text;
    return element;
  };
  const luminance = (hex) => {
    const [r, g, b] = [1, 3, 5].map((i) => (parseInt(hex.slice(i, i + 2), 16) / 255) ** 2.2);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };

  /* Stripes of one colour, as a pattern of the canvas or of the SVG; ``true`` is the grey of what is out of use. */
  const stripeColours = (hatch) => (hatch === true ? ["#e6e6e6", "#8f8f8f"] : ["#ffffff", hatch]);
  const stripesOnCanvas = (hatch) => {
    const [ground, colour] = stripeColours(hatch);
    const tile = document.createElement("canvas");
    tile.width = tile.height = 8;
    const ink = tile.getContext("2d");
    ink.fillStyle = ground; ink.fillRect(0, 0, 8, 8);
    ink.strokeStyle = colour; ink.lineWidth = 2; ink.beginPath();
    for (const x of [-8, 0, 8]) { ink.moveTo(x, 8); ink.lineTo(x + 8, 0); }
    ink.stroke();
    return ink.createPattern(tile, "repeat");
  };
  const stripesInSvg = (hatch, svg) => {
    const [ground, colour] = stripeColours(hatch), id = `hatch${colour.slice(1)}`;
    const make = (tag, attributes) => {
      const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
      Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
      return element;
    };
    const pattern = make("pattern", { id, width: 8, height: 8, patternUnits: "userSpaceOnUse" });
    pattern.append(make("rect", { width: 8, height: 8, fill: ground }), make("path", { d: "M-2 2l4-4M0 8l8-8M6 10l4-4", stroke: colour, "stroke-width": 2 }));
    const defs = make("defs", {});
    defs.append(pattern);
    svg.prepend(defs);
    return `url(#${id})`;
  };

  /* Centroid of the largest outer ring, counted from its corner: Leaflet's own getCenter loses small
     shapes to rounding. */
  const centre = (layer) => {
    const { type, coordinates } = layer.feature.geometry;
    const rings = type === "Polygon" ? [coordinates[0]] : coordinates.map((polygon) => polygon[0]);
    let best = null;
    for (const ring of rings) {
      const [x0, y0] = ring[0];
      let area = 0, x = 0, y = 0;
      for (let i = 0; i + 1 < ring.length; i += 1) {
        const ax = ring[i][0] - x0, ay = ring[i][1] - y0, bx = ring[i + 1][0] - x0, by = ring[i + 1][1] - y0;
        const cross = ax * by - bx * ay;
        area += cross; x += (ax + bx) * cross; y += (ay + by) * cross;
      }
      if (area && (!best || Math.abs(area) > best.area)) best = { area: Math.abs(area), at: L.latLng(y0 + y / (3 * area), x0 + x / (3 * area)) };
    }
    return best ? best.at : layer.getBounds().getCenter();
  };

  const open = (properties) => {
    if (!properties.url) return;
    const word = { kind: "open", url: properties.url, id: properties.id, panel: Boolean(properties.panel) };
    if (window.parent !== window) window.parent.postMessage(word, location.origin);
    else location.assign(properties.url);
  };

  const attribute = (map, sources) => {
    map.attributionControl.setPrefix(false);
    sources.forEach((words) => map.attributionControl.addAttribution(node("i", words).innerHTML));
    L.control.scale({ imperial: false }).addTo(map);
  };

  /* Labels stand where a shape is big enough to carry them; floating ones above small shapes. */
  const labelling = (map, layers) => {
    const marks = L.layerGroup().addTo(map);
    const taken = [];
    // From north to south, so that a label above its shape meets the fewest others.
    layers.sort((a, b) => b.getBounds().getNorth() - a.getBounds().getNorth());
    const free = (box) => !taken.some((other) => box.intersects(other));
    const place = () => {
      marks.clearLayers();
      taken.length = 0;
      const view = map.getBounds().pad(0.1);
      layers.filter((layer) => layer.feature.properties.floating).forEach((layer) => {
        const { x, y } = map.latLngToLayerPoint(centre(layer));
        taken.push(L.bounds([x - 4, y - 2], [x + 4, y + 2])); // nobody's label hides a shape
      });
      layers.forEach((layer) => {
        const p = layer.feature.properties, box = layer.getBounds();
        if (!view.intersects(box)) return;
        const a = map.latLngToLayerPoint(box.getNorthWest()), b = map.latLngToLayerPoint(box.getSouthEast());
        const width = b.x - a.x, height = b.y - a.y, at = centre(layer);
        const wide = (text) => [...text].reduce((sum, c) => sum + (c > "\u2e80" ? 13 : 7.5), 6);
        if (p.floating && (width < wide(p.label) || height < 36)) {
          const size = [wide(`${p.label} ${p.mark}`) + 34, 22], point = map.latLngToLayerPoint(at);
          const side = size[0] / 2 + width / 2 + 4;
          const spots = [[0, -24 - height / 2], [0, height / 2 + 2], [side, -11], [-side, -11]];
          for (const far of [30, 60, 90, 120]) spots.push([-side - far / 2, -11 - far / 2], [side + far / 2, -11 - far / 2], [0, -24 - far], [0, far], [-side - far, -11], [side + far, -11]);
          const box = ([x, y]) => L.bounds([point.x + x - size[0] / 2, point.y + y], [point.x + x + size[0] / 2, point.y + y + size[1]]);
          const spot = spots.find((one) => free(box(one))) || spots[0];
          taken.push(box(spot));
          if (spots.indexOf(spot) > 3) {
            const to = map.layerPointToLatLng([point.x + spot[0], point.y + spot[1] + 11]);
            L.polyline([at, to], { color: "#51606e", weight: 1, interactive: false, pane: "beneath" }).addTo(marks);
          }
          const words = document.createElement("div");
          const swatch = node("i", "");
          swatch.style.background = p.fill;
          words.append(swatch, `${p.label} `, node("b", p.mark));
          L.marker(at, { icon: L.divIcon({ html: words, className: "label floating", iconSize: size, iconAnchor: [size[0] / 2 - spot[0], -spot[1]] }), interactive: Boolean(p.url), keyboard: Boolean(p.url), riseOnHover: true }).on("click", () => open(p)).addTo(marks);
          return;
        }
        const words = document.createElement("div");
        if (height > 32 && width > wide(p.label)) words.append(node("div", p.label));
        if (p.mark && height > 14 && width > wide(p.mark)) words.append(node("b", p.mark));
        if (!words.childNodes.length) return;
        const light = !p.hatch && luminance(p.fill) < 0.18;
        L.marker(at, { icon: L.divIcon({ html: words, className: `label${light ? " light" : ""}${p.hatch ? " hatched" : ""}`, iconSize: [width, height] }), interactive: false, keyboard: false }).addTo(marks);
      });
    };
    map.on("zoomend moveend", place);
    place();
  };

  window.drawFeatures = async (map, options) => {
    attribute(map, options.sources);
    const say = node("p", options.words.loading);
    say.className = "say";
    say.setAttribute("role", "status");
    map.getContainer().append(say);
    let data;
    try {
      const answer = await fetch(options.url, { credentials: "same-origin" });
      if (!answer.ok) throw new Error(answer.status);
      data = await answer.json();
    } catch (error) {
      say.textContent = options.words.failed;
      document.body.dataset.failed = error.message;
      return;
    }
    map.createPane("beneath").style.zIndex = 350;
    const beneath = L.geoJSON(data.context, {
      pane: "beneath",
      interactive: false,
      style: ({ properties: { kind } }) => ({ pane: "beneath", color: "#7b8894", weight: kind === "district" ? 2 : 1.5, dashArray: kind === "floor" ? null : "6 4", fillColor: "#ffffff", fillOpacity: options.tiles ? 0.15 : 0.8 }),
    });
    const many = data.features.length > MANY;
    const renderer = (many ? L.canvas : L.svg)({ padding: 0.5 });
    const layers = [];
    const patterns = new Map();
    let chosen = null;
    const choose = (layer) => {
      if (chosen) chosen.setStyle({ weight: 1, color: INK });
      chosen = layer.setStyle({ weight: 3.5, color: CHOSEN }).bringToFront();
    };
    const shapes = L.geoJSON(data.features, {
      style: () => ({ renderer, color: INK, weight: 1, fillOpacity: options.tiles ? 0.75 : 1 }),
      onEachFeature: (feature, layer) => {
        const p = feature.properties;
        const hover = document.createElement("div");
        hover.append(node("b", p.label), p.text || "");
        layer.bindTooltip(hover, { sticky: true });
        layers.push(layer);
        const act = () => { if (p.panel) choose(layer); open(p); };
        layer.on("click", act);
        layer.on("add", () => {
          const path = !many && !p.floating && p.url && layer.getElement();
          if (!path) return;
          path.setAttribute("tabindex", "0");
          path.setAttribute("role", "link");
          path.setAttribute("aria-label", `${p.label} ${p.mark || ""} ${(p.text || "").replaceAll("\n", ", ")}`);
          path.addEventListener("keydown", (event) => {
            if (event.key === "Enter" || event.key === " ") { event.preventDefault(); act(); }
          });
        });
      },
    });
    const bounds = (data.context.length ? beneath : shapes).getBounds();
    if (data.features.length && !data.context.length) bounds.extend(shapes.getBounds());
    const fit = () => {
      map.invalidateSize({ pan: false });
      if (bounds.isValid()) map.fitBounds(bounds, { padding: [14, 14], animate: false, maxZoom: 23 });
    };
    fit();
    beneath.addTo(map);
    renderer.addTo(map);
    const fill = ({ properties: p }) => {
      if (!p.hatch) return p.fill;
      if (!patterns.has(p.hatch)) patterns.set(p.hatch, (many ? stripesOnCanvas : stripesInSvg)(p.hatch, renderer._container));
      return patterns.get(p.hatch);
    };
    shapes.setStyle((feature) => ({ fillColor: fill(feature) })).addTo(map);
    let touched = false;
    map.on("dragstart", () => { touched = true; });
    map.getContainer().addEventListener("wheel", () => { touched = true; }, { passive: true });
    window.addEventListener("resize", () => { if (!touched) fit(); });
    // Paper is narrower than the screen: the map takes the size the style sheet gives it there.
    const sized = (width, height) => { Object.assign(map.getContainer().style, { width, height }); fit(); };
    window.addEventListener("beforeprint", () => sized("180mm", "150mm"));
    window.addEventListener("afterprint", () => sized("", ""));
    layers.filter((layer) => layer.feature.properties.id === options.chosen).forEach(choose);
    labelling(map, layers);
    say.hidden = data.features.length > 0;
    say.textContent = options.words.empty;
    document.body.dataset.drawn = data.features.length;
  };
})();
