/* Transfers: copying to the clipboard, and the banner that Esc closes. Everything works without this. */
document.querySelectorAll("[data-copy]").forEach((button) => {
  const source = document.getElementById(button.dataset.copy);
  const said = button.closest("section, dialog").querySelector("[data-copied]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(source.textContent.trim());
      said.textContent = button.dataset.said;
    } catch {
      getSelection().selectAllChildren(source);
      said.textContent = "It could not be copied by itself. It is marked: copy it with the keyboard.";
    }
  });
});

/* The message with the code lies above the page; Esc leaves it open in the page, because the code is shown once. */
const message = document.querySelector("[data-message]");
if (message) {
  message.close();
  message.showModal();
  message.addEventListener("cancel", (event) => {
    event.preventDefault();
    message.close();
    message.show();
    message.querySelector("a, button:not([hidden])").focus();
  });
}

document.addEventListener("change", (event) => {
  const chosen = event.target.closest("input[name=student][data-name]");
  if (chosen) {
    chosen.form.querySelector("[data-whom]").textContent = chosen.dataset.name;
  }
});

document.addEventListener("keydown", (event) => {
  const banner = event.key === "Escape" && document.querySelector("[data-banner]");
  if (!banner || !banner.checkVisibility()) {
    return;
  }
  const select = document.getElementById(banner.dataset.resets);
  const chosen = banner.closest("form").querySelector("input[name=student]:checked");
  if (chosen) {
    chosen.checked = false;
    chosen.focus();
  } else if (select) {
    select.value = "";
    banner.remove();
    select.focus();
  }
});
