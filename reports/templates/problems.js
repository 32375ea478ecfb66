"use strict";
(function () {
  const form = document.getElementById("filter");

  function choose() {
    const cards = [...document.querySelectorAll("article[id^=k]")];
    const boxes = [...form.querySelectorAll("input[data-severity]")];
    const rule = document.getElementById("rule");
    const search = document.getElementById("search");
    const texts = new Map(cards.map((card) => [card, card.textContent.toLowerCase()]));

    function filter() {
      const severities = new Set(boxes.filter((box) => box.checked).map((box) => box.dataset.severity));
      const words = search.value.toLowerCase().split(/\s+/);
      let shown = 0;
      for (const card of cards) {
        card.hidden = !severities.has(card.dataset.severity) || (rule.value !== "" && rule.value !== card.dataset.rule)
          || !words.every((word) => texts.get(card).includes(word));
        document.querySelector(`tr[data-of="${card.id}"]`).hidden = card.hidden;
        shown += !card.hidden;
      }
      for (const section of document.querySelectorAll("section:has(> article)"))
        section.hidden = !section.querySelector("article:not([hidden])");
      document.getElementById("shown").textContent = `${shown} / ${cards.length}`;
    }

    form.addEventListener("input", filter);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.hidden = false;
    filter();
  }

  if (form && !form.classList.contains("needless")) choose();

  // On paper nothing can be opened.
  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open])")];
    opened.forEach((details) => { details.open = true; });
  });
  window.addEventListener("afterprint", () => opened.forEach((details) => { details.open = false; }));
})();
