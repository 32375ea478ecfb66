"use strict";
(function () {
  const page = document.documentElement;
  const data = JSON.parse(document.getElementById("data").textContent);
  const charts = ["records", "invasive", "sites"];

  const language = () => page.dataset.language;

  function drawCharts() {
    for (const name of charts) {
      const figure = data.figures[language()][name];
      Plotly.react("chart-" + name, figure.data, figure.layout, { responsive: true, displayModeBar: false });
    }
  }

  async function unpack(id) {
    const packed = Uint8Array.from(atob(document.getElementById(id).textContent), (c) => c.charCodeAt(0));
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Response(stream).text();
  }

  async function startCharts() {
    const script = document.createElement("script");
    script.textContent = await unpack("plotly");
    document.head.appendChild(script);
    drawCharts();
    page.dataset.ready = "yes";
  }

  // Tooltips are built from text nodes: Leaflet would run HTML found in a name.
  function label(feature) {
    const node = document.createElement("span");
    node.textContent = feature.properties[language()];
    return node;
  }

  function startMap() {
    const map = L.map("map", { attributionControl: false, scrollWheelZoom: false, zoomSnap: 0.25 });
    const outlines = (features, style) =>
      L.geoJSON(features, { style, onEachFeature: (feature, layer) => layer.bindTooltip(() => label(feature), { sticky: true }) }).addTo(map);
    const points = (features, style) =>
      L.geoJSON(features, {
        pointToLayer: (feature, position) => L.circleMarker(position, style(feature)),
        onEachFeature: (feature, layer) => layer.bindTooltip(() => label(feature)),
      }).addTo(map);
    const region = outlines(data.map.region, { color: "#1f6b4a", weight: 2, fillColor: "#ffffff", fillOpacity: 0.8 });
    outlines(data.map.divisions, { color: "#6b7a72", weight: 1, fill: true, fillOpacity: 0 });
    outlines(data.map.sites, { color: "#0072b2", weight: 1, fillOpacity: 0.18 });
    points(data.map.cells, (feature) => ({ radius: 3 + Math.min(6, Math.log2(1 + feature.properties.records)), stroke: false, fillColor: "#d55e00", fillOpacity: 0.45 }));
    const colours = { red: "#b3261e", orange: "#e07b00", yellow: "#e3b505", blue: "#2b78c5" };
    const warnings = points(data.map.warnings.slice().reverse(), // the most pressing on top
      (feature) => ({ radius: 9, color: "#ffffff", weight: 2, fillColor: colours[feature.properties.level], fillOpacity: 1 }));
    const bounds = region.getBounds().extend(warnings.getBounds());
    map.fitBounds(bounds, { padding: [12, 12] });
    L.control.scale({ imperial: false }).addTo(map);
  }

  page.addEventListener("language", () => {
    if (window.Plotly) drawCharts();
  });
  startMap();
  startCharts();
})();
