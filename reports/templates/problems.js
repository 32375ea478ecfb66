"use strict";
(function () {
  const groups = [...document.querySelectorAll("[data-rule]")];
  const severities = [...document.querySelectorAll("input[data-severity]")];
  const rule = document.getElementById("rule");
  const nothing = document.getElementById("nothing");

  function filter() {
    const chosen = new Set(severities.filter((box) => box.checked).map((box) => box.dataset.severity));
    let shown = 0;
    for (const group of groups) {
      group.hidden = !chosen.has(group.dataset.severity) || (rule.value !== "" && rule.value !== group.dataset.rule);
      shown += !group.hidden;
    }
    nothing.hidden = shown > 0;
  }

  if (rule) {
    [...severities, rule].forEach((control) => control.addEventListener("change", filter));
    document.getElementById("filter").hidden = false;
  }
  // On paper nothing can be opened.
  window.addEventListener("beforeprint", () => {
    document.querySelectorAll("details").forEach((details) => { details.open = true; });
  });
})();
