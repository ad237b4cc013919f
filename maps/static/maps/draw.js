/* Draws the features of one map. Text is set as text, never as markup. */
"use strict";
function drawFeatures(map, options) {
  const lines = (texts) => {
    const box = document.createElement("div");
    texts.forEach((text) => { const line = document.createElement("div"); line.textContent = text; box.append(line); });
    return box;
  };
  if (options.bounds) map.fitBounds(options.bounds, { padding: [30, 30], animate: false });
  const tell = (properties) => {
    const word = { kind: "open", id: properties.id, url: properties.url + parent.location.search, panel: Boolean(properties.panel) };
    if (parent !== window) parent.postMessage(word, location.origin); else location.assign(word.url);
  };
  const luminance = (hex) => {
    const [r, g, b] = [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16) / 255);
    return 0.2126 * r ** 2.2 + 0.7152 * g ** 2.2 + 0.0722 * b ** 2.2;
  };
  const labels = L.layerGroup().addTo(map);
  const hatches = L.layerGroup().addTo(map);
  const svg = L.svg({ padding: 0.5 }).addTo(map);
  const hatch = document.createElementNS("http://www.w3.org/2000/svg", "defs");
  hatch.innerHTML = '<pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="7" height="7" fill="#e6e6e6"/><rect width="3" height="7" fill="#9a9a9a"/></pattern>';
  svg._container?.prepend(hatch);
  const centres = [];
  /* A label stands where its shape is big enough for it, and always for far-away parks. */
  const placeLabels = () => {
    labels.clearLayers();
    centres.forEach(({ layer, properties }) => {
      const box = layer.getBounds();
      const width = map.latLngToContainerPoint(box.getNorthEast()).x - map.latLngToContainerPoint(box.getSouthWest()).x;
      const height = map.latLngToContainerPoint(box.getSouthWest()).y - map.latLngToContainerPoint(box.getNorthEast()).y;
      const full = properties.label || (width > 64 && height > 34);
      if (!full && (width < 13 || height < 13)) return;
      const tip = document.createElement("span");
      const big = document.createElement("b");
      if (properties.label) {
        tip.className = "tag";
        big.textContent = properties.text;
        tip.append(properties.name, " ", big);
      } else {
        big.textContent = properties.text;
        tip.className = luminance(properties.fill) > 0.35 ? "on-light" : "on-dark";
        if (full) tip.append(properties.name, document.createElement("br"));
        tip.append(big);
      }
      const icon = L.divIcon({ className: "feature-label", html: tip, iconSize: null });
      L.marker(box.getCenter(), { icon, interactive: Boolean(properties.label), keyboard: false }).on("click", () => tell(properties)).addTo(labels);
    });
  };
  const fetchJson = (address) => fetch(address, { credentials: "same-origin" }).then((answer) => {
    if (!answer.ok) throw new Error(answer.status);
    return answer.json();
  });
  const outline = options.outline ? fetchJson(options.outline).then((data) => {
    const layer = L.geoJSON(data, { interactive: false, style: { color: "#51606e", weight: 1.5, dashArray: "5 4", fill: false } }).addTo(map);
    if (!options.bounds) map.fitBounds(layer.getBounds(), { animate: false });
    layer.bringToBack();
  }) : Promise.resolve();
  Promise.all([outline, fetchJson(options.source)]).then(([, data]) => {
    const layer = L.geoJSON(data, {
      style: ({ properties }) => ({ color: "#26313b", weight: 0.8, fillColor: properties.fill, fillOpacity: properties.hatched ? 1 : 0.9, ...(properties.hatched ? { renderer: svg, fillColor: "url(#hatch)" } : {}) }),
      onEachFeature: ({ properties }, shape) => {
        shape.bindTooltip(() => lines(properties.lines), { sticky: true });
        shape.on("click", () => tell(properties));
        shape.on("mouseover", () => shape.setStyle({ weight: 2.5 }));
        shape.on("mouseout", () => shape.setStyle({ weight: 0.8 }));
        centres.push({ layer: shape, properties });
      },
    }).addTo(map);
    if (!options.bounds && data.features.length && !options.outline) map.fitBounds(layer.getBounds(), { animate: false });
    placeLabels();
    map.on("zoomend", placeLabels);
    document.body.dataset.drawn = data.features.length;
  }).catch((error) => { document.body.dataset.failed = error.message; });
}
