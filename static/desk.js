// The theme's pages have no main landmark, and its scrolled sidebar no name: both are given here, for screen readers.
(() => {
  const name = () => {
    document.getElementById("main")?.setAttribute("role", "main");
    for (const region of document.querySelectorAll("#nav-sidebar-apps .simplebar-content-wrapper")) {
      region.setAttribute("aria-label", "Pages of the desk");
    }
  };
  document.addEventListener("DOMContentLoaded", name);
  window.addEventListener("load", name);
})();
