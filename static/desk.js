// What the theme's pages lack for screen readers: a main landmark, names of scrolled regions, of choosers and columns.
(() => {
  const words = (element) => element?.textContent.trim().replace(/\s+/g, " ") || "";

  const nameRegions = () => {
    document.getElementById("main")?.setAttribute("role", "main");
    document.querySelector("#nav-sidebar-apps .simplebar-content-wrapper")?.setAttribute("aria-label", "Pages of the desk");
    for (const wrapper of document.querySelectorAll("fieldset .simplebar-content-wrapper, .inline-group .simplebar-content-wrapper")) {
      const heading = wrapper.closest("fieldset, .inline-group")?.querySelector("h2, h3, legend");
      if (words(heading)) wrapper.setAttribute("aria-label", words(heading));
    }
  };

  const nameChoosers = () => {
    for (const container of document.querySelectorAll(".select2-container")) {
      const select = container.previousElementSibling;
      const name = select?.id && words(document.querySelector(`label[for="${CSS.escape(select.id)}"]`));
      if (!name) continue;
      for (const part of container.querySelectorAll(".select2-selection, .select2-selection__rendered")) {
        part.removeAttribute("aria-labelledby");  // it named the one by the other, which has no name
        part.setAttribute("aria-label", name);
      }
    }
  };

  const nameColumns = () => {
    for (const head of document.querySelectorAll("thead th")) {
      if (words(head) || head.querySelector("input")) continue;
      const hidden = document.createElement("span");
      hidden.className = "sr-only";
      hidden.textContent = "Actions";
      head.append(hidden);
    }
  };

  const name = () => { nameRegions(); nameChoosers(); nameColumns(); };
  document.addEventListener("DOMContentLoaded", name);
  window.addEventListener("load", () => {
    name();
    new MutationObserver(nameChoosers).observe(document.body, { childList: true, subtree: true });
  });
})();
