"use strict";
document.getElementById("language").addEventListener("click", () => {
  const page = document.documentElement;
  page.dataset.language = page.dataset.language === "zh" ? "en" : "zh";
  page.lang = page.dataset.language === "zh" ? "zh-Hans" : "en";
  page.dispatchEvent(new Event("language"));
});
