// Passkeys: asks the browser for one, and sends its answer with the form. Without it the other ways remain.
(() => {
  "use strict";
  const ask = async (form) => {
    const answer = await fetch(form.dataset.request, {
      method: "POST",
      headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
    });
    const asked = await answer.json();
    if (form.dataset.passkey === "make") {
      return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(asked) });
    }
    return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(asked) });
  };
  if (!window.PublicKeyCredential?.parseCreationOptionsFromJSON) return;
  for (const form of document.querySelectorAll("[data-passkey]")) {
    const said = form.querySelector("[role=alert]");
    form.hidden = false;
    form.querySelector("button").addEventListener("click", async () => {
      said.hidden = true;
      try {
        form.elements.answer.value = JSON.stringify((await ask(form)).toJSON());
        form.submit();
      } catch {
        said.hidden = false;
      }
    });
  }
})();
