"use strict";
(function () {
  const page = document.documentElement;
  const data = JSON.parse(document.getElementById("data").textContent);
  const article = document.getElementById("page");
  const links = [...document.querySelectorAll("#list a")];

  // Everything is built from text nodes: a name or a citation may hold HTML.
  function element(tag, attributes, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) node.setAttribute(name, value);
    node.append(...children.filter((child) => child !== null && child !== undefined));
    return node;
  }

  function both(zh, en) {
    return element("span", {}, element("span", { lang: "zh" }, zh), element("span", { lang: "en" }, en));
  }

  const known = (rule) => Object.hasOwn(data.words, rule);

  function word(rule, values = {}) {
    const fill = (text) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
    return both(fill(data.words[rule].zh), fill(data.words[rule].en));
  }

  // A value of a vocabulary, in words where there are any.
  const said = (kind, value) => (known(kind + "-" + value) ? word(kind + "-" + value) : element("code", {}, value));

  function place(id) {
    if (Object.hasOwn(data.places, id)) return both(data.places[id].zh, data.places[id].en);
    return element("code", {}, id);
  }

  function sourceTitle(id) {
    const source = Object.hasOwn(data.sources, id) ? data.sources[id] : null;
    return source ? both(source.titleZh, source.titleEn) : element("span", {}, id);
  }

  function table(heads, lines) {
    return element("div", { class: "scroll" }, element("table", {},
      element("thead", {}, element("tr", {}, ...heads.map((rule) => element("th", { scope: "col" }, word(rule))))),
      element("tbody", {}, ...lines.map((cells) => element("tr", {}, ...cells.map((cell) => element("td", {}, cell)))))));
  }

  function names(species) {
    const kinds = { accepted: "species-page-accepted", synonym: "species-page-synonym", vernacular: "species-page-vernacular" };
    const order = Object.keys(kinds);
    const lines = species.names
      .filter((name) => order.includes(name.nameKind))
      .sort((one, other) => order.indexOf(one.nameKind) - order.indexOf(other.nameKind))
      .map((name) => {
        const scientific = name.nameKind !== "vernacular";
        const text = element("span", {}, scientific ? element("i", {}, name.name) : name.name, name.authorship ? " " + name.authorship : "");
        if (name.below && name.below !== name.name) text.append(" ", element("span", { class: "small" }, name.below));
        return [text, word(kinds[name.nameKind]), sourceTitle(name.nameSource)];
      });
    return table(["species-page-name", "species-page-kind", "species-page-source"], lines);
  }

  function statements(species) {
    const lines = species.statements.map((line) => {
      const answer = element("span", {}, said("answer", line.answer));
      if (line.condition === "wild") answer.append(" ", element("span", { class: "small" }, word("species-page-wild-only")));
      if (line.about) answer.append(" ", element("i", { class: "small" }, line.about));
      const source = element("span", {}, sourceTitle(line.sourceID));
      if (Object.hasOwn(data.sources, line.sourceID)) source.append(" ", element("span", { class: "small" }, data.sources[line.sourceID].version));
      const since = [line.validFrom || "", line.validTo ? "– " + line.validTo : ""].join(" ").trim() || "—";
      return [said("question", line.question), answer, place(line.place), since, source, said("sureness", line.sureness)];
    });
    return table(["species-page-question", "species-page-answer", "place", "species-page-since", "species-page-source", "sureness"], lines);
  }

  function months(species) {
    const counts = Array(12).fill(0), years = new Map();
    let undated = 0;
    for (const [year, month, records] of species.months) {
      if (month) counts[month - 1] += records; else undated += records;
      years.set(year, (years.get(year) || 0) + records);
    }
    const most = Math.max(1, ...counts);
    const bars = element("div", { class: "months" }, ...counts.map((records, month) => {
      const bar = element("b", { title: String(records) });
      bar.style.height = Math.round((records / most) * 96) + "px";
      return element("div", {}, records ? String(records) : "", bar, String(month + 1));
    }));
    const parts = [bars, element("p", { class: "small" }, [...years].map(([year, records]) => `${year}: ${records}`).join(" · "))];
    if (undated) parts.push(element("p", { class: "small" }, word("species-page-undated", { records: undated })));
    return parts;
  }

  // Licence and citation of every source whose facts stand above.
  function sources(species) {
    const used = new Set([...species.names.map((name) => name.nameSource), ...species.statements.map((line) => line.sourceID), species.nameSource]);
    return element("ul", { class: "citations" }, ...[...used].filter((id) => Object.hasOwn(data.sources, id)).sort().map((id) => {
      const source = data.sources[id];
      return element("li", {}, both(source.titleZh, source.titleEn), ` · ${source.version} · ${source.citation} · ${source.license}`);
    }));
  }

  function draw(species) {
    const facts = element("p", {}, element("span", { class: "status " + species.status }, word("status-" + species.status)), " ",
      said("answer", species.establishmentMeans));
    if (species.degreeOfEstablishment) facts.append(" · ", said("answer", species.degreeOfEstablishment));
    if (species.officiallyListed) facts.append(" · ", word("species-page-listed"));
    if (species.protectionLevel) facts.append(" · ", word("species-page-protected", { level: species.protectionLevel }));
    facts.append(" · ", word("sureness"), " ", said("sureness", species.sureness));
    const parts = [
      element("h2", {}, both(species.vernacularNameZh || "", species.vernacularNameEn || ""), " ", element("i", {}, species.scientificName)),
      element("p", { class: "small" }, [species.kingdom, species.family, species.taxonRank].filter(Boolean).join(" · ")),
      facts,
    ];
    if (species.source) parts.push(element("p", { class: "small" }, species.source));
    if (species.status === "unknown") parts.push(element("p", { class: "small" }, word("species-page-unknown")));
    for (const warning of species.warnings)
      parts.push(element("p", {}, element("span", { class: "level " + warning.level }, word("level-" + warning.level)), " ",
        both(warning.placeZh, warning.placeEn), " · ", word("kind-" + warning.kind), " ", element("code", {}, warning.warningId)));
    parts.push(element("h3", {}, word("species-page-names")), names(species));
    parts.push(element("h3", {}, word("species-page-status")), species.statements.length ? statements(species) : element("p", {}, word("species-page-nothing-said")));
    parts.push(element("h3", {}, word("species-page-map")));
    const span = { records: species.records, since: species.since || "—", latest: species.latest || "—" };
    parts.push(element("p", {}, word("species-page-records", span)));
    if (species.recordsNear) parts.push(element("p", {}, word("species-page-near", { records: species.recordsNear })));
    if (species.divisions.length) parts.push(element("p", { class: "small" }, ...species.divisions.flatMap((id, number) => (number ? [" · ", place(id)] : [place(id)]))));
    const coarse = known("species-page-coarse-" + species.sensitivityClass);
    parts.push(element("div", { id: "map" }), element("p", { class: "legend" }, element("span", { class: "key grid" }),
      word(coarse ? "species-page-coarse-" + species.sensitivityClass : "species-page-cell")));
    if (species.months.length) parts.push(element("h3", {}, word("species-page-months")), ...months(species));
    parts.push(element("h3", {}, word("species-page-sources")), sources(species));
    article.replaceChildren(...parts);
    drawMap(species);
  }

  let map = null;

  function label(feature) {
    return both(feature.properties.zh, feature.properties.en);
  }

  function drawMap(species) {
    if (map) map.remove();
    map = L.map("map", { attributionControl: false, scrollWheelZoom: false, zoomSnap: 0.25 });
    const region = L.geoJSON(data.map.region, { style: { color: "#1f6b4a", weight: 2, fillColor: "#ffffff", fillOpacity: 0.8 } }).addTo(map);
    map.fitBounds(region.getBounds(), { padding: [8, 8] });
    L.geoJSON(data.map.divisions, {
      style: { color: "#6b7a72", weight: 1, fillOpacity: 0 },
      onEachFeature: (feature, layer) => layer.bindTooltip(() => label(feature), { sticky: true }),
    }).addTo(map);
    for (const [west, south, east, north, records] of species.cells)
      L.rectangle([[south, west], [north, east]], { color: "#004d7a", weight: 2, fillColor: "#0072b2", fillOpacity: 0.55 })
        .bindTooltip(() => word("species-page-in-cell", { records })).addTo(map);
    L.control.scale({ imperial: false }).addTo(map);
  }

  function open() {
    const id = decodeURIComponent(location.hash.slice(1));
    for (const link of links) {
      if (link.getAttribute("href") === "#" + id) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    if (!Object.hasOwn(data.species, id)) return;
    draw(data.species[id]);
    page.dataset.species = id;
    article.focus({ preventScroll: matchMedia("(min-width: 701px)").matches });
  }

  const search = document.getElementById("search");
  const texts = links.map((link) => {
    const species = data.species[link.getAttribute("href").slice(1)];
    return species.names.map((name) => name.name).concat(link.textContent).join(" ").toLowerCase();
  });

  function filter() {
    const words = search.value.toLowerCase().split(/\s+/);
    let shown = 0;
    links.forEach((link, number) => {
      link.parentElement.hidden = !words.every((part) => texts[number].includes(part));
      shown += !link.parentElement.hidden;
    });
    document.getElementById("shown").textContent = shown;
  }

  search.addEventListener("input", filter);
  window.addEventListener("hashchange", open);
  filter();
  open();
  page.dataset.ready = "yes";
})();
